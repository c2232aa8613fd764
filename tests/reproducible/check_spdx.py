#!/usr/bin/env python3
"""check_spdx.py DOCUMENT: the rules of SPDX 2.3, clauses 6, 7 and 11, for what mica writes."""
import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
complaints = []


def need(condition, text):
    if not condition:
        complaints.append(text)


need(document["spdxVersion"] == "SPDX-2.3", "6.1 version")
need(document["dataLicense"] == "CC0-1.0", "6.2 license of the data")
need(document["SPDXID"] == "SPDXRef-DOCUMENT", "6.3 identifier")
need(re.fullmatch(r"[a-z]+://[^#\s]+", document["documentNamespace"]), "6.5 namespace")
need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"]), "6.9 created")
need(all(re.match(r"(Tool|Person|Organization): ", c) for c in document["creationInfo"]["creators"]), "6.8 creators")
ids = {"SPDXRef-DOCUMENT"}
for package in document["packages"]:
    name = package["SPDXID"]
    need(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name) and name not in ids, f"7.2 {name}")
    ids.add(name)
    need(package["name"], f"7.1 {name}")
    need(package["downloadLocation"] in ("NOASSERTION", "NONE") or "://" in package["downloadLocation"], f"7.7 {name}")
    need(package["filesAnalyzed"] is False, f"7.8 {name}")
    for reference in package.get("externalRefs", []):
        need(reference["referenceCategory"] == "PACKAGE-MANAGER" and reference["referenceType"] == "purl", f"7.21 {name}")
        need(re.fullmatch(r"pkg:[a-z]+/[^\s]+", reference["referenceLocator"]), f"purl of {name}")
for relation in document["relationships"]:
    need(relation["spdxElementId"] in ids and relation["relatedSpdxElement"] in ids, f"11.1 {relation}")
need(any(r["relationshipType"] == "DESCRIBES" for r in document["relationships"]), "11 the document describes something")
print("\n".join(complaints))
sys.exit(1 if complaints else 0)
