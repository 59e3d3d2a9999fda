#!/usr/bin/env bash
# Sends files to Vedette and waits for the verdict.  向哨点平台上报文件，并等待核验结果。
#
# 用法 usage:  send.sh --server URL [--token-file FILE] [options] FILE...
#
# FILE  一个 zip，或一个及多个表格（.csv .xlsx .xls）；多个表格合为一次上报。
#       One zip alone, or one or more tables (.csv .xlsx .xls); several tables are one submission.
#
#   --server URL         平台地址 the platform's address, https://vedette.example (or VEDETTE_SERVER)
#   --token-file FILE    令牌文件 a file with the token (or VEDETTE_TOKEN); a token never stands on the command line
#   --ca FILE            信任的根证书（PEM） certificates of the authorities to trust, in PEM
#   --check              只核验，不保存 only check, nothing is kept
#   --again              当天相同内容也作为新的一次上报 send the same content of the same day as a new submission
#   --out FOLDER         回执和退回行的保存目录 folder for receipts and rejected rows (vedette-results)
#   --tries N            每个请求最多尝试次数 tries of each request (8)
#   --retry-seconds S    第一次重试前的等待，此后加倍 wait before the second try, then twice as long each time (5)
#   --poll-seconds S     查询结果的间隔 time between two questions for the verdict (2)
#   --wait-seconds S     等待结果的最长时间 how long the verdict is waited for (1800)
#
# 退出码 exit status:  0 全部达标 accepted;  1 有退回的行 rows were rejected;  2 未能完成 could not be done
# bash, curl 7.29 or later, awk, od, sha256sum. One run reports once; run it every day by cron.

set -u
umask 077

stop() { printf '%s\n' "$1" >&2; exit 2; }

help() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 0; }

# ---- What is asked for ----

server=${VEDETTE_SERVER:-} token_file='' ca='' check='' again='' out=vedette-results
tries=8 retry=5 poll=2 patience=1800
files=()
while [ $# -gt 0 ]; do
    option=$1 value=''
    case $option in
        --help | -h) help ;;
        --check) check=yes; shift; continue ;;
        --again) again=yes; shift; continue ;;
        --) shift; files+=("$@"); break ;;
        --*=*) value=${option#*=}; option=${option%%=*}; shift ;;
        --*)
            [ $# -gt 1 ] || stop "$option 缺少值，或没有这个选项，用法见 --help  lacks a value or is unknown, see --help"
            value=$2; shift 2 ;;
        *) files+=("$option"); shift; continue ;;
    esac
    case $option in
        --tries | --*-seconds)
            printf '%s' "$value" | grep -Eq '^[0-9]{1,5}(\.[0-9]{1,3})?$' || stop "$option: 应为数字 a number, $value" ;;
    esac
    case $option in
        --server) server=$value ;;
        --token-file) token_file=$value ;;
        --ca) ca=$value ;;
        --out) out=$value ;;
        --tries) tries=${value%.*} ;;
        --retry-seconds) retry=$value ;;
        --poll-seconds) poll=$value ;;
        --wait-seconds) patience=${value%.*} ;;
        *) stop "没有 $option 这个选项，用法见 --help  There is no option $option, see --help" ;;
    esac
done

[ ${#files[@]} -gt 0 ] || stop "没有要上报的文件，用法见 --help  No file to send, see --help"
for file in "${files[@]}"; do
    [ -f "$file" ] && [ -r "$file" ] || stop "$file：没有这个文件，或无法读取  no such file, or not readable"
    case $(printf '%s' "$file" | tr 'A-Z' 'a-z') in
        *.zip) [ ${#files[@]} -eq 1 ] || stop "zip 请单独上报  Send a zip alone: it is a submission of its own" ;;
        *.csv | *.xlsx | *.xls) ;;
        *) stop "$file：只能上报 .zip .csv .xlsx .xls  only .zip, .csv, .xlsx and .xls are sent" ;;
    esac
done
[ -z "$(printf '%s\n' "${files[@]##*/}" | sort | uniq -d)" ] || stop "两个文件同名  Two files have the same name"

case $server in
    https://?*) ;;
    http://127.0.0.1* | http://localhost* | 'http://[::1]'*) ;;
    http://?*) echo "注意：http 不加密  Note: http is not encrypted; use https where you can" >&2 ;;
    *) stop "缺少 --server 或不是地址  --server is missing or no address: https://vedette.example" ;;
esac
server=${server%/}

if [ -n "$token_file" ]; then
    [ -f "$token_file" ] && [ -r "$token_file" ] || stop "无法读取令牌文件  The token's file cannot be read: $token_file"
    token=$(tr -d '\r\n\t \357\273\277' <"$token_file")
else
    token=$(printf '%s' "${VEDETTE_TOKEN:-}" | tr -d '\r\n\t ')
fi
unset VEDETTE_TOKEN
[ -n "$token" ] || stop "缺少令牌：用 --token-file 或 VEDETTE_TOKEN  A token is needed: --token-file or VEDETTE_TOKEN"
case $token in
    *[!A-Za-z0-9._~+/=-]*) stop "令牌含有不可能的字符  The token holds characters that no token has" ;;
esac
[ -z "$ca" ] || [ -r "$ca" ] || stop "无法使用根证书文件  The file of --ca cannot be used: $ca"

temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
trap 'exit 2' HUP INT TERM

# ---- JSON, as lines of "path<TAB>value" ----

flat() {
    LC_ALL=C awk '
        { text = text $0 "\n" }
        END { size = length(text); at = 1; value("") }
        function space() { while (at <= size && index(" \t\r\n", substr(text, at, 1))) at++ }
        function string(out, c) {
            for (at++; at <= size && (c = substr(text, at, 1)) != "\""; at++) {
                if (c == "\\") { c = substr(text, ++at, 1); c = index("nrtbf", c) ? " " : c == "u" ? "\\u" : c }
                out = out c
            }
            at++
            return out
        }
        function value(path, c, i, start) {
            space(); c = substr(text, at, 1)
            if (c == "\"") { print path "\t" string(); return }
            if (c != "{" && c != "[") {
                for (start = at; at <= size && !index(",]} \t\r\n", substr(text, at, 1)); at++);
                if (start == at) at++
                else print path "\t" substr(text, start, at - start)
                return
            }
            at++; space()
            for (i = 0; at <= size && !index("]}", substr(text, at, 1)); i++) {
                if (c == "[") value(path "." i)
                else { start = string(); space(); at++; value(path "." start) }
                space()
                if (substr(text, at, 1) == ",") { at++; space() }
            }
            at++
        }' "$temporary/body" | sed 's/^\.//' >"$temporary/flat"
}

get() { awk -F '\t' -v path="$1" '$1 == path { print substr($0, length(path) + 2); exit }' "$temporary/flat"; }

# A refusal in both languages, from application/problem+json.
problem() {
    flat
    local zh en
    zh="$(get zh.title) $(get zh.detail)" en="$(get en.title) $(get en.detail)"
    if [ "$zh" != ' ' ]; then printf '%s %s\n  %s' "$status" "$zh" "$en"; return; fi
    case $status in
        408 | 429 | 5??) printf '%s：服务器暂时不能接收  the server cannot take it now' "$status" ;;
        *) printf '%s：不是哨点平台的应答，请检查 --server  not an answer of Vedette; check --server' "$status" ;;
    esac
}

# ---- HTTP ----

# ask PATH [options of curl]: leaves the answer in $status and $temporary/body.
# Network faults, 408, 429 and 5xx are tried again; a redirect is not followed, as the token is for one server alone.
ask() {
    local path=$1 pause=$retry number=1 code asked fault wait
    shift
    while :; do
        : >"$temporary/body" && : >"$temporary/head"
        code=0
        status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
            curl --silent --show-error --globoff --config - --max-time 120 ${ca:+--cacert "$ca"} \
                --dump-header "$temporary/head" --output "$temporary/body" --write-out '%{http_code}' \
                --header 'Accept: application/json, */*' "$@" "$server$path" 2>"$temporary/error") || code=$?
        asked=''
        case $code in
            0)
                case $status in
                    408 | 429 | 5??) ;;
                    *) return ;;
                esac
                asked=$(awk 'tolower($1) == "retry-after:" { sub(/^[^:]*: */, ""); sub(/\r$/, ""); print }' \
                    "$temporary/head" | tail -n 1)
                case $asked in
                    '') ;;
                    *[!0-9]*) asked=$(($(date -d "$asked" +%s 2>/dev/null || date +%s) - $(date +%s))) ;;
                esac
                fault=$(problem) ;;
            60 | 51 | 77 | 58 | 82 | 83)
                stop "服务器证书不可信，见 --ca  The server's certificate is not trusted, see --ca: $(cat "$temporary/error")" ;;
            1 | 2 | 3 | 127) stop "$(cat "$temporary/error")" ;;
            *) fault="$server 没有应答  does not answer: $(cat "$temporary/error")" ;;
        esac
        read -r wait pause <<<"$(awk -v pause="$pause" -v asked="${asked:-0}" 'BEGIN {
            pause += 0; asked += 0; twice = pause * 2
            print (asked > pause ? asked : pause), (twice > 900 ? 900 : twice) }')"
        # A server that asks for more than an hour is asked again by the next run.
        if [ "$number" -ge "$tries" ] || awk -v wait="$wait" 'BEGIN { exit !(wait > 3600) }'; then stop "$fault"; fi
        printf '%s\n  %s 秒后重试  trying again in %s s (%s/%s)\n' "$fault" "$wait" "$wait" "$number" "$tries" >&2
        sleep "$wait"
        number=$((number + 1))
    done
}

ask_json() {
    ask "$@"
    case $status in 200 | 201) ;; *) stop "$(problem)" ;; esac
    flat
    [ -n "$(get state)" ] || stop "$server 不是哨点平台  answers, but not as Vedette does; check --server"
}

percent() { printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' '%'; }

# ---- What the server says ----

show() { # FLAT: counts of each file, then causes or findings, each in both languages
    LC_ALL=C awk -F '\t' -v prefix="$2" '
        { v[$1] = substr($0, length($1) + 2) }
        END {
            if (prefix == "") {
                for (i = 0; ("files." i ".file") in v; i++) {
                    at = "files." i "."
                    printf "  %s: 记录总数 rows %s, 达标 accepted %s, 退回 rejected %s, 错误 errors %s, 警告 warnings %s\n", \
                        v[at "file"], v[at "rows"], v[at "accepted"], v[at "rejected"], v[at "errors"], v[at "warnings"]
                }
                if ("reason.zh" in v) printf "  %s\n  %s\n", v["reason.zh"], v["reason.en"]
                prefix = "findings."
            } else prefix = ""
            for (i = 0; (prefix i ".code") in v; i++) {
                at = prefix i "."
                printf "  %s%s%s%s [%s]\n    %s\n    %s\n", v[at "file"], \
                    (at "row") in v ? " " v[at "row"] : "", (at "field") in v ? " " v[at "field"] : "", \
                    (at "count") in v ? " ×" v[at "count"] : "", v[at "code"], v[at "message.zh"], v[at "message.en"]
            }
        }' "$1"
}

verdict() {
    case $1 in
        accepted) echo "达标 accepted" ;;
        partly-accepted) echo "部分达标 partly-accepted" ;;
        rejected) echo "退回 rejected" ;;
        failed) echo "处理失败 failed" ;;
        *) echo "$1" ;;
    esac
}

fetch() { # PATH NAME
    ask "$1"
    if [ "$status" != 200 ]; then printf '%s: %s\n' "$2" "$(problem)" >&2; return; fi
    mkdir -p -- "$out" && cp "$temporary/body" "$out/$2.part" && mv -- "$out/$2.part" "$out/$2" ||
        stop "无法保存  Could not be saved: $out/$2"
    echo "已保存 saved: $out/$2"
}

# ---- One run ----

if [ ${#files[@]} -eq 1 ]; then
    query="filename=$(percent "${files[0]##*/}")" type=application/octet-stream
    cat <"${files[0]}" >"$temporary/sent"
else
    boundary="vedette-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    query='' type="multipart/form-data; boundary=$boundary"
    for file in "${files[@]}"; do
        printf -- '--%s\r\nContent-Disposition: form-data; name="file"; filename*=UTF-8'"''"'%s\r\n\r\n' \
            "$boundary" "$(percent "${file##*/}")"
        cat <"$file"
        printf '\r\n'
    done >"$temporary/sent"
    printf -- '--%s--\r\n' "$boundary" >>"$temporary/sent"
fi || stop "没有临时空间  No room for temporary files"
body=(--data-binary "@$temporary/sent" --header "Content-Type: $type")

if [ -n "$check" ]; then
    ask_json "/api/v1/submissions?dryRun=true&$query" "${body[@]}"
    state=$(get state)
    verdict "$state"
    show "$temporary/flat" ''
    [ "$state" = accepted ] && exit 0
    exit 1
fi

# The same files on the same day have the same key, so that sending them twice counts once.
key="send-$(date +%Y-%m-%d)-$(for file in "${files[@]}"; do
    printf '%s\n%s\n' "${file##*/}" "$(wc -c <"$file" | tr -d ' ')"
    cat <"$file"
done | sha256sum | cut -c 1-40)"
[ -z "$again" ] || key="$key-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"

ask_json "/api/v1/submissions?$query" "${body[@]}" --header "Idempotency-Key: $key"
id=$(get id)
case $id in '' | *[!0-9A-Za-z]*) stop "$server 不是哨点平台  answers, but not as Vedette does; check --server" ;; esac
echo "已接收 received: $id  $(get receivedAt)  SM3 $(get sm3)"
[ "$status" != 200 ] || echo "今天已经上报过，以下是那次的结果；要再次上报用 --again
Sent before today; this is what came of it. To send it anew, use --again"

SECONDS=0
while state=$(get state) && { [ "$state" = received ] || [ "$state" = processing ]; }; do
    [ "$SECONDS" -le "$patience" ] || stop "仍在核验，稍后再运行一次即可  Still being checked; run the same again later"
    sleep "$poll"
    ask_json "/api/v1/submissions/$id"
done
verdict "$state"
show "$temporary/flat" ''
rejected=$(get rejected)
ask "/api/v1/submissions/$id/findings?grouped=true"
if [ "$status" = 200 ]; then flat; show "$temporary/flat" causes; else echo "问题 findings: $(problem)" >&2; fi
fetch "/api/v1/submissions/$id/receipt" "receipt_$id.json"
[ "$rejected" = 0 ] || fetch "/api/v1/submissions/$id/corrections.zip" "corrections_$id.zip"
case $state in accepted) exit 0 ;; failed) exit 2 ;; *) exit 1 ;; esac
