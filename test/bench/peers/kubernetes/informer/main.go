// Watches what the sidecar watches, with client-go's informers and nothing else: `informer NAMESPACE SELECTOR`. It says
// "synced" when all caches are filled, and then the name of each Service that it hears of for the first time.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: informer NAMESPACE SELECTOR")
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		log.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0,
		informers.WithNamespace(os.Args[1]),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = os.Args[2] }),
		// What everybody who counts memory does.
		informers.WithTransform(func(object any) (any, error) {
			if accessor, err := meta.Accessor(object); err == nil {
				accessor.SetManagedFields(nil)
			}
			return object, nil
		}),
	)
	services := factory.Core().V1().Services().Informer()
	factory.Batch().V1().Jobs().Informer()
	factory.Core().V1().Pods().Informer()
	_, err = services.AddEventHandler(cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(object any, initial bool) {
			if !initial {
				fmt.Println(object.(*core.Service).Name)
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			log.Fatalf("%v is not synced", kind)
		}
	}
	fmt.Println("synced")
	<-ctx.Done()
}
