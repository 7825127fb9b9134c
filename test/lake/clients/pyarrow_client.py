"""Does with pyarrow what the variable ASKED says, and prints what came of it, as JSON."""

import json
import os

import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet

asked = json.loads(os.environ["ASKED"])
fs = pyarrow.fs.S3FileSystem(**asked["filesystem"])


def files(path):
    selector = pyarrow.fs.FileSelector(path, recursive=True)
    return sorted(info.path for info in fs.get_file_info(selector) if info.is_file)


def write(path):
    table = pyarrow.table({"id": [1, 2, 3], "month": [1, 2, 2]})
    pyarrow.dataset.write_dataset(
        table, path, filesystem=fs, format="parquet", partitioning=["month"], create_dir=False
    )
    return table.num_rows


ACTIONS = {
    "read_table": lambda path: pyarrow.parquet.read_table(path, filesystem=fs).num_rows,
    "dataset": lambda path: pyarrow.dataset.dataset(path, filesystem=fs, partitioning="hive").count_rows(),
    "dataset of files": lambda path: pyarrow.dataset.dataset(files(path), filesystem=fs).count_rows(),
    "files": files,
    "write": write,
    "type": lambda path: fs.get_file_info(path).type.name,
}


def act(what, path):
    try:
        return ACTIONS[what](path)
    except OSError as error:
        return f"OSError: {error}"


print(json.dumps([act(what, path) for what, path in asked["actions"]]))
