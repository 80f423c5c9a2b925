"""Sphinx: pages in Markdown, the public names from their docstrings."""

from __future__ import annotations

from oro_prima import __version__

project = "oro-prima"
author = "The oro-prima authors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"oro-prima {version}"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": False}
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Nothing is fetched to build the pages, so names of other libraries are not links.
nitpick_ignore_regex = [
    ("py:.*", r"contextlib\..*"),
    ("py:.*", r"(attrs|cattrs|collections|datetime|decimal|fractions|httpx|pathlib|typing)\..*"),
    ("py:class", r"oro_prima\.\w+\.T(_co)?"),
    # Types that load when they are first asked for stand under their public names.
    ("py:class", r"oro_prima\.(oro|prima)\.models\.\w+\.\w+"),
    ("py:class", r"oro_prima\.mapping\.prices\.chains\.\w+"),
]
