"""Does with boto3 what the variable ASKED says, and prints what came of it, as JSON."""

import json
import os

import boto3
import botocore
import botocore.exceptions

asked = json.loads(os.environ["ASKED"])
signature = botocore.config.Config(signature_version=botocore.UNSIGNED) if asked["anonymous"] else None
s3 = boto3.client("s3", region_name="us-east-1", config=signature, **asked["client"])


ACTIONS = {
    "get": lambda key: len(s3.get_object(Bucket="lake", Key=key)["Body"].read()),
    "head": lambda key: s3.head_object(Bucket="lake", Key=key)["ContentLength"],
    "list": lambda prefix: [
        found["Key"]
        for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket="lake", Prefix=prefix, PaginationConfig={"PageSize": 1}
        )
        for found in page.get("Contents", [])
    ],
}


def act(what, key):
    try:
        return ACTIONS[what](key)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


print(json.dumps([act(what, key) for what, key in asked["actions"]]))
