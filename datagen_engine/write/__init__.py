"""From batches to files: Parquet, the manifest, and a folder that never looks whole before it is."""
