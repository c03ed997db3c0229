"""Every YAML file of `config/`, read with positions, merged, checked and resolved."""
