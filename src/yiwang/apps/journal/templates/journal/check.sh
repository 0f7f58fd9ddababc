set -euo pipefail
hex() { xxd -p | tr -d '\n'; }
sm3() { openssl dgst -sm3 -binary | hex; }
bytes() { printf %s "$1" | xxd -r -p; }
fail() { echo "不符：$1" >&2; exit 1; }

# 第1步  申请表与存证里写的摘要一致（包里没有 form.txt 时跳过）
if [ -e form.txt ]; then
  grep -q "\"form\":\"$(sm3 < form.txt)\"" entry.json || fail "form.txt 不是提交时的申请表"
fi

# 第2步  从存证一步步算到日根
hash=$(openssl dgst -sha256 -binary entry.json | hex)
hash=$(bytes "00$hash" | sm3)
while read -r side other rest; do
  case "$side:${#other}:$rest" in
    left:64:)  hash=$(bytes "01$other$hash" | sm3) ;;
    right:64:) hash=$(bytes "01$hash$other" | sm3) ;;
    leaf:0:)   hash=$(bytes "00$hash" | sm3) ;;
    *) fail "path.txt 有一行看不懂：$side" ;;
  esac
done < path.txt
grep -qx "根 $hash" day.txt || fail "从 entry.json 和 path.txt 算不到 day.txt 里的根"

# 第3步  签章所保护的正是这份 day.txt
[[ $(hex < day.signed.der) == *032100$(sm3 < day.txt)* ]] || fail "day.txt 不是签章所保护的原文"

# 第4步  OpenSSL 验证签章，以及签章里的印章
for part in day seal; do
  openssl x509 -in $part.certificate.pem -pubkey -noout > $part.pub || fail "$part.certificate.pem 读不出来"
  openssl pkeyutl -verify -pubin -inkey $part.pub -rawin -digest sm3 -in $part.signed.der \
    -sigfile $part.signature.der -pkeyopt distid:1234567812345678 > /dev/null || fail "$part.signature.der 签名不对"
done
[[ $(hex < day.signed.der) == *$(hex < seal.signed.der)* ]] || fail "签章用的不是这枚印章"

# 第5步  两张证书都是市里公布的机构签发的（root.pem 另从政务服务网下载，不用别人给的）
for part in day seal; do
  openssl verify -CAfile root.pem -partial_chain -no_check_time -vfyopt distid:1234567812345678 \
    $part.certificate.pem > /dev/null || fail "$part.certificate.pem 不是 root.pem 里的机构签发的"
done
echo "相符。这条存证在 $(sed -n 's/^日期 //p' day.txt) 的日根里，签章人："
openssl x509 -in day.certificate.pem -noout -subject -nameopt utf8
