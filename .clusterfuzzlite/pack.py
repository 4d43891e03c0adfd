# SPDX-License-Identifier: Apache-2.0
"""build.sh's second half: what was built, as OSS-Fuzz wants to find it.

pack.py SOURCE BUILD OUT
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

# Of the system libraries these are not in the image where targets run.
CARRIED = re.compile(r"^lib(ssl|crypto|wolfssl|mbed\w*)\.so")


def seed_corpus(folder, path):
    """The same bytes whenever and wherever it is made."""
    files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
    if not files:
        return 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in files:
            entry = zipfile.ZipInfo(str(file.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            out.writestr(entry, file.read_bytes())
    return len(files)


def libraries(program, out):
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    for name, path in re.findall(r"^\s*(\S+) => (/\S+)", listed, re.M):
        if CARRIED.match(name) and not path.startswith(str(out)):
            (out / "lib").mkdir(exist_ok=True)
            shutil.copy(path, out / "lib" / name)


def main():
    source, build, out = (Path(a).absolute() for a in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    for row in json.loads((build / "fuzz" / "targets.json").read_text()):
        if row["kind"] == "canary" and os.environ.get("WIB_CANARY") != "1":
            continue
        program = out / f"fuzz_{row['name']}"
        shutil.copy(build / "fuzz" / program.name, program)
        seeds = seed_corpus(source / "fuzz" / "corpus" / row["name"], f"{program}_seed_corpus.zip")
        options = []
        if row["max_len"]:
            options.append(f"max_len = {row['max_len']}")
        if row["kind"] == "trace":  # its features are states, of which none is rare by itself
            options.append("entropic = 0")
        if row["dict"]:
            shutil.copy(source / "fuzz" / "dict" / f"{row['dict']}.dict", f"{program}.dict")
        Path(f"{program}.options").write_text("[libfuzzer]\n" + "".join(f"{o}\n" for o in options))
        libraries(program, out)
        print(f"{program.name}: {seeds} seeds, {', '.join(options) or 'no limit'}, dictionary {row['dict'] or 'none'}")


if __name__ == "__main__":
    main()
