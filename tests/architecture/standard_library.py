"""An import contract: some packages use Python's standard library and themselves, nothing else."""

import sys
from typing import Any, ClassVar

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryContract(Contract):
    """The packages in `modules` import no library that has to be installed, and no other room."""

    type_name: ClassVar[str] = "standard_library"
    modules = fields.ListField(subfield=fields.ModuleField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # the base class's words
        """Collect each import that leaves the packages for anything but the standard library."""
        del verbose
        own = {module.name for module in self.modules}  # type: ignore[attr-defined]  # the field's value, at run time
        inside = {name for name in graph.modules if any(f"{name}.".startswith(f"{room}.") for room in own)}
        foreign = [
            f"{importer} imports {imported}"
            for importer in sorted(inside)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) - inside)
            if imported.partition(".")[0] not in sys.stdlib_module_names
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports, one a line."""
        foreign: list[Any] = check.metadata["foreign"]
        for line in foreign:
            output.print_error(line)
