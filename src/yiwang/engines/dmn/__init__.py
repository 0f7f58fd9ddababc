# SPDX-License-Identifier: Apache-2.0
"""DMN models: read from XML, run as decision requirement graphs, written back.

1. :func:`read_model` reads a file (DMN 1.2 to 1.5) into a :class:`Model`; its expressions become nodes of
   the rule language (`engines/rules`, dialect DMN), its tables the tables of that language.
2. :class:`Evaluation` decides: a decision sees what it requires, an error gives null and leaves a note.

3. :func:`write_model` writes policy rules and tables as a model other tools read.

What is supported and what is not: docs/formats/dmn.md.
"""

from __future__ import annotations

from yiwang.engines.dmn.model import Input, Logic, Model, Service
from yiwang.engines.dmn.reading import imported_namespaces, read_model
from yiwang.engines.dmn.running import Evaluation
from yiwang.engines.dmn.writing import write_model

__all__ = [
    "Evaluation",
    "Input",
    "Logic",
    "Model",
    "Service",
    "imported_namespaces",
    "read_model",
    "write_model",
]
