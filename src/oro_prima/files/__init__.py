"""Files that Prima leaves in a directory: picked up whole, each once, and put away."""

from oro_prima.files.drop import DropReader
from oro_prima.files.reading import read_file

__all__ = ["DropReader", "read_file"]
