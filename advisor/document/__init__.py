"""YAML documents with positions, the typed reader, diagnostics and JSON Schema."""
