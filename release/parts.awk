# A line for each part of bills of materials as CycloneDX's plugin prints them: name, version, licences.
function flush() { if (name != "") print name "\t" release "\t" (licences == "" ? "unknown" : licences); name = release = licences = "" }
/^  "components"/ { inside = 1 }
/^  "dependencies"/ { inside = 0; flush() }
inside && /^      "type" :/ { flush() }
inside && /^      "name" :/ { name = $4 }
inside && /^      "version" :/ { release = $4 }
inside && /^            "(id|name)" :/ { licences = licences (licences == "" ? "" : ", ") $4 }
inside && /^          "expression" :/ { licences = $4 }
END { flush() }
