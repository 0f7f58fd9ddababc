#!/usr/bin/env bash
# 核对一次数据共享调用：把自己留存的请求和答复放在本文件夹，命名为 request.json、response.json（有哪个核对哪个）。
set -euo pipefail
fail() { echo "不符：$1" >&2; exit 1; }
sha256() { openssl dgst -sha256 -binary "$1" | xxd -p | tr -d '\n'; }
checked=0
for side in request response; do
  [ -e $side.json ] || continue
  grep -q "\"$side\":\"$(sha256 $side.json)\"" entry.json || fail "$side.json 与日志里的摘要对不上"
  echo "相符：$side.json"
  checked=1
done
[ $checked = 1 ] || fail "没有 request.json，也没有 response.json"
bash check.sh
