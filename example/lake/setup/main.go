// Sets up the example's MinIO: the lake's bucket and files, and the user that the gateway is. What is there already
// stays, so it may run any number of times.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/minio/madmin-go/v3"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// How long MinIO may take to start.
const patience = 2 * time.Minute

// The gateway's rights: what it may hand on to views, each of which gets less.
const policyName = "view-gateway"

type settings struct {
	Endpoint string // HOST:PORT
	Region   string
	// A directory of buckets.
	Lake                       string
	RootUser, RootPassword     string
	GatewayUser, GatewaySecret string
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	settings, err := settingsFrom(os.Getenv)
	if err == nil {
		err = setUp(ctx, settings)
	}
	if err != nil {
		slog.Error("cannot set up the lake", "error", err.Error())
		os.Exit(1)
	}
}

func settingsFrom(get func(string) string) (settings, error) {
	var missing []string
	value := func(name, other string) string {
		if value := get(name); value != "" {
			return value
		}
		if other == "" {
			missing = append(missing, name)
		}
		return other
	}
	// The cluster may have no DNS. The kubelet sets variables with the address of the Service minio.
	endpoint := get("MINIO_ENDPOINT")
	if endpoint == "" {
		endpoint = value("MINIO_SERVICE_HOST", "") + ":" + value("MINIO_SERVICE_PORT", "9000")
	}
	result := settings{
		Endpoint:      endpoint,
		Region:        value("MINIO_REGION", "us-east-1"),
		Lake:          value("LAKE_DIRECTORY", "/lake"),
		RootUser:      value("MINIO_ROOT_USER", ""),
		RootPassword:  value("MINIO_ROOT_PASSWORD", ""),
		GatewayUser:   value("GATEWAY_ACCESS_KEY_ID", ""),
		GatewaySecret: value("GATEWAY_SECRET_ACCESS_KEY", ""),
	}
	if len(missing) > 0 {
		return settings{}, fmt.Errorf("these are not set: %s", strings.Join(missing, ", "))
	}
	return result, nil
}

func setUp(ctx context.Context, settings settings) error {
	root := credentials.NewStaticV4(settings.RootUser, settings.RootPassword, "")
	admin, err := madmin.NewWithOptions(settings.Endpoint, &madmin.Options{Creds: root})
	if err != nil {
		return err
	}
	client, err := minio.New(settings.Endpoint, &minio.Options{Creds: root, Region: settings.Region})
	if err != nil {
		return err
	}
	buckets, err := bucketsOf(settings.Lake)
	if err != nil {
		return err
	}
	if err := untilUp(ctx, client); err != nil {
		return err
	}
	if err := grant(ctx, admin, settings, buckets); err != nil {
		return fmt.Errorf("cannot set up the user %s: %w", settings.GatewayUser, err)
	}
	for _, bucket := range buckets {
		if err := upload(ctx, client, settings, bucket); err != nil {
			return fmt.Errorf("cannot fill the bucket %s: %w", bucket, err)
		}
	}
	return nil
}

// untilUp waits until MinIO answers; the Job and MinIO start together.
func untilUp(ctx context.Context, client *minio.Client) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("MinIO did not start in time"))
	defer cancel()
	for {
		_, err := client.ListBuckets(ctx)
		if err == nil {
			return nil
		}
		slog.Info("waiting for MinIO", "error", err.Error())
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(time.Second):
		}
	}
}

// grant makes the user that the gateway is. MinIO lets any user assume a role, which then has at most the user's rights.
func grant(ctx context.Context, admin *madmin.AdminClient, settings settings, buckets []string) error {
	policy, err := policyFor(buckets)
	if err != nil {
		return err
	}
	if err := admin.AddCannedPolicy(ctx, policyName, policy); err != nil {
		return err
	}
	if err := admin.AddUser(ctx, settings.GatewayUser, settings.GatewaySecret); err != nil {
		return err
	}
	_, err = admin.AttachPolicy(ctx, madmin.PolicyAssociationReq{
		Policies: []string{policyName},
		User:     settings.GatewayUser,
	})
	if madmin.ToErrorResponse(err).Code == "XMinioAdminPolicyChangeAlreadyApplied" {
		err = nil
	}
	if err == nil {
		slog.Info("the gateway's user is there", "user", settings.GatewayUser, "buckets", buckets)
	}
	return err
}

func policyFor(buckets []string) ([]byte, error) {
	var whole, objects []string
	for _, bucket := range buckets {
		whole = append(whole, "arn:aws:s3:::"+bucket)
		objects = append(objects, "arn:aws:s3:::"+bucket+"/*")
	}
	statement := func(resources []string, actions ...string) map[string]any {
		return map[string]any{"Effect": "Allow", "Action": actions, "Resource": resources}
	}
	return json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{
			statement(whole, "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
			statement(objects, "s3:GetObject", "s3:PutObject", "s3:DeleteObject",
				"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
			// People who create views browse the lake from its buckets on.
			statement([]string{"arn:aws:s3:::*"}, "s3:ListAllMyBuckets"),
		},
	})
}

func bucketsOf(lake string) ([]string, error) {
	entries, err := os.ReadDir(lake)
	if err != nil {
		return nil, err
	}
	var buckets []string
	for _, entry := range entries {
		if entry.IsDir() {
			buckets = append(buckets, entry.Name())
		}
	}
	if len(buckets) == 0 {
		return nil, fmt.Errorf("%s has no directories, which would be buckets", lake)
	}
	return buckets, nil
}

// upload copies a bucket's files, except those that are there in the same size.
func upload(ctx context.Context, client *minio.Client, settings settings, bucket string) error {
	exists, err := client.BucketExists(ctx, bucket)
	if err != nil {
		return err
	}
	if !exists {
		if err := client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: settings.Region}); err != nil {
			return err
		}
	}
	sizes := map[string]int64{}
	for object := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		sizes[object.Key] = object.Size
	}
	started, files, bytes := time.Now(), 0, int64(0)
	directory := filepath.Join(settings.Lake, bucket)
	err = filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		key, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		if size, found := sizes[filepath.ToSlash(key)]; found && size == info.Size() {
			return nil
		}
		options := minio.PutObjectOptions{ContentType: "application/vnd.apache.parquet"}
		uploaded, err := client.FPutObject(ctx, bucket, filepath.ToSlash(key), path, options)
		files, bytes = files+1, bytes+uploaded.Size
		return err
	})
	slog.Info("uploaded", "bucket", bucket, "files", files, "bytes", bytes, "milliseconds", time.Since(started).Milliseconds())
	return err
}
