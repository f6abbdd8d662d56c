"""Named defects of an answering side: what the suite has to catch, each by the check that it names."""
