try {
  const theme = localStorage.getItem("bwp-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be closed to files; the system's choice then stands */ }
