// Written by RECORD=1 from docs/clients/, with whose files a test compares it: the server has them without the folder.

/// `docs/clients/send.sh`.
let shellClientText: StaticString = ##"""
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
    """##

/// `docs/clients/send.py`.
let pythonClientText: StaticString = ##"""
    #!/usr/bin/env python3
    # -*- coding: utf-8 -*-
    """Sends files to Vedette and waits for the verdict.  向哨点平台上报文件，并等待核验结果。

    用法 usage:  send.py --server URL [--token-file FILE] [options] FILE...

    FILE  一个 zip，或一个及多个表格（.csv .xlsx .xls）；多个表格合为一次上报。
          One zip alone, or one or more tables (.csv .xlsx .xls); several tables are one submission.

      --server URL         平台地址 the platform's address, https://vedette.example (or VEDETTE_SERVER)
      --token-file FILE    令牌文件 a file with the token (or VEDETTE_TOKEN); a token never stands on the command line
      --ca FILE            信任的根证书（PEM） certificates of the authorities to trust, in PEM
      --check              只核验，不保存 only check, nothing is kept
      --again              当天相同内容也作为新的一次上报 send the same content of the same day as a new submission
      --out FOLDER         回执和退回行的保存目录 folder for receipts and rejected rows (vedette-results)
      --tries N            每个请求最多尝试次数 tries of each request (8)
      --retry-seconds S    第一次重试前的等待，此后加倍 wait before the second try, then twice as long each time (5)
      --poll-seconds S     查询结果的间隔 time between two questions for the verdict (2)
      --wait-seconds S     等待结果的最长时间 how long the verdict is waited for (1800)

    退出码 exit status:  0 全部达标 accepted;  1 有退回的行 rows were rejected;  2 未能完成 could not be done
    Python 3.6 or later, standard library only. One run reports once; run it every day by cron or the task scheduler.
    """
    import argparse
    import datetime
    import email.utils
    import hashlib
    import http.client
    import io
    import json
    import math
    import os
    import re
    import ssl
    import sys
    import time
    import urllib.error
    import urllib.parse
    import urllib.request
    import uuid

    LONGEST_WAIT = 3600  # A server that asks for more is asked again by the next run.
    KINDS = (".zip", ".csv", ".xlsx", ".xls")


    class Stop(Exception):
        """What ends the run, in both languages."""


    class NoRedirect(urllib.request.HTTPRedirectHandler):
        """A redirect is not followed: the token is for one server alone."""

        def redirect_request(self, *_):
            return None


    def say(text, to=None):
        print(text, file=to or sys.stdout, flush=True)


    def digits(text):
        """A number of seconds or tries that is not negative."""
        number = float(text)
        if not 0 <= number <= 86400:
            raise ValueError(text)
        return number


    def arguments():
        class Parser(argparse.ArgumentParser):
            def error(self, message):
                raise Stop("参数有误，用法见 --help  Wrong arguments, see --help: " + message)

            def print_help(self, file=None):
                say(__doc__.strip())

        parser = Parser(allow_abbrev=False)
        parser.add_argument("files", nargs="*")
        parser.add_argument("--server", default=os.environ.get("VEDETTE_SERVER", ""))
        parser.add_argument("--token-file")
        parser.add_argument("--ca")
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--again", action="store_true")
        parser.add_argument("--out", default="vedette-results")
        for name, standard in (("tries", 8), ("retry-seconds", 5), ("poll-seconds", 2), ("wait-seconds", 1800)):
            parser.add_argument("--" + name, type=digits, default=standard)
        return parser.parse_args()


    def token(options):
        if options.token_file:
            try:
                with open(options.token_file, encoding="utf-8-sig") as file:
                    text = file.read().strip()
            except (OSError, UnicodeError) as error:
                raise Stop("无法读取令牌文件  The token's file cannot be read: %s" % error)
        else:
            text = os.environ.get("VEDETTE_TOKEN", "").strip()
        if not text:
            raise Stop("缺少令牌：用 --token-file 或 VEDETTE_TOKEN  A token is needed: --token-file or VEDETTE_TOKEN")
        if not re.match(r"^[A-Za-z0-9._~+/=-]+$", text):
            raise Stop("令牌含有不可能的字符  The token holds characters that no token has")
        return text


    def read_files(paths):
        if not paths:
            raise Stop("没有要上报的文件，用法见 --help  No file to send, see --help")
        for path in paths:
            if os.path.splitext(path)[1].lower() not in KINDS:
                raise Stop("%s：只能上报 .zip .csv .xlsx .xls  only .zip, .csv, .xlsx and .xls are sent" % path)
        if len(paths) > 1 and any(path.lower().endswith(".zip") for path in paths):
            raise Stop("zip 请单独上报  Send a zip alone: it is a submission of its own")
        names = [os.path.basename(path) for path in paths]
        if len(set(names)) < len(names):
            raise Stop("两个文件同名  Two files have the same name")
        try:
            return names, [open(path, "rb").read() for path in paths]
        except OSError as error:
            raise Stop("无法读取文件  A file cannot be read: %s" % error)


    def form(names, contents):
        """One file as it is; several as multipart/form-data. Returns the query, the type and the body."""
        if len(names) == 1:
            return "filename=" + urllib.parse.quote(names[0], safe=""), "application/octet-stream", contents[0]
        boundary = "vedette-" + uuid.uuid4().hex
        body = b""
        for name, content in zip(names, contents):
            head = 'Content-Disposition: form-data; name="file"; filename*=UTF-8\'\'%s' % urllib.parse.quote(name, safe="")
            body += ("--%s\r\n%s\r\n\r\n" % (boundary, head)).encode() + content + b"\r\n"
        return "", "multipart/form-data; boundary=" + boundary, body + ("--%s--\r\n" % boundary).encode()


    def idempotency_key(names, contents):
        """The same files on the same day have the same key, so that sending them twice counts once."""
        digest = hashlib.sha256()
        for name, content in zip(names, contents):
            digest.update(("%s\n%d\n" % (name, len(content))).encode("utf-8", "surrogateescape") + content)
        return "send-%s-%s" % (datetime.date.today().isoformat(), digest.hexdigest()[:40])


    def seconds(header):
        """What Retry-After asks for: seconds or a date; None where it says neither."""
        try:
            return float(int(header))
        except (TypeError, ValueError):
            pass
        try:
            moment = email.utils.parsedate_to_datetime(header)
            return math.ceil(max(0, moment.timestamp() - time.time()))
        except (TypeError, ValueError, IndexError):
            return None


    class Server:
        def __init__(self, options):
            self.options, self.token = options, token(options)
            address = urllib.parse.urlsplit(options.server)
            if address.scheme not in ("http", "https") or not address.hostname:
                raise Stop("缺少 --server 或不是地址  --server is missing or no address: https://vedette.example")
            if address.scheme == "http" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
                say("注意：http 不加密  Note: http is not encrypted; use https where you can", sys.stderr)
            self.address = options.server.rstrip("/")
            try:
                trust = ssl.create_default_context(cafile=options.ca)
            except (OSError, ssl.SSLError) as error:
                raise Stop("无法使用根证书文件  The file of --ca cannot be used: %s" % error)
            self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=trust))

        def ask(self, path, body=None, headers=None):
            """The status and the bytes of the answer. Network faults, 408, 429 and 5xx are tried again."""
            headers = dict(headers or {}, Authorization="Bearer " + self.token, Accept="application/json, */*")
            pause, tries = self.options.retry_seconds, max(1, int(self.options.tries))
            for number in range(1, tries + 1):
                asked = None
                try:
                    request = urllib.request.Request(self.address + path, data=body, headers=headers)
                    with self.opener.open(request, timeout=120) as answer:
                        return answer.status, answer.read()
                except urllib.error.HTTPError as error:
                    status, content = error.code, error.read()
                    if status not in (408, 429) and status < 500:
                        return status, content
                    asked, fault = seconds(error.headers.get("Retry-After")), problem(status, content)
                except (OSError, http.client.HTTPException) as error:
                    reason = getattr(error, "reason", error)
                    if "CERTIFICATE_VERIFY_FAILED" in str(reason):
                        raise Stop("服务器证书不可信，见 --ca  The server's certificate is not trusted, see --ca: %s" % reason)
                    fault = "%s 没有应答  does not answer: %s" % (self.address, reason)
                wait = max(pause, asked or 0)
                if number == tries or wait > LONGEST_WAIT:
                    raise Stop(fault)
                say("%s\n  %g 秒后重试  trying again in %g s (%d/%d)" % (fault, wait, wait, number, tries), sys.stderr)
                time.sleep(wait)
                pause = min(pause * 2, 900)

        def json(self, path, body=None, headers=None):
            status, content = self.ask(path, body, headers)
            if status not in (200, 201):
                raise Stop(problem(status, content))
            try:
                return status, json.loads(content.decode("utf-8"))
            except ValueError:
                raise Stop("%s 不是哨点平台  answers, but not as Vedette does; check --server" % self.address)


    def problem(status, content):
        """A refusal in both languages, from application/problem+json."""
        try:
            told = json.loads(content.decode("utf-8"))
            return "%d %s\n  %s" % (status, *("%s %s" % (told[to]["title"], told[to]["detail"]) for to in ("zh", "en")))
        except (ValueError, KeyError, TypeError):
            if status in (408, 429) or status >= 500:
                return "%d：服务器暂时不能接收  the server cannot take it now" % status
            return "%d：不是哨点平台的应答，请检查 --server  not an answer of Vedette; check --server" % status


    def show(verdict, causes):
        words = {"accepted": "达标", "partly-accepted": "部分达标", "rejected": "退回", "failed": "处理失败"}
        say("%s %s" % (words.get(verdict["state"], ""), verdict["state"]))
        for file in verdict["files"]:
            say("  %s: 记录总数 rows %d, 达标 accepted %d, 退回 rejected %d, 错误 errors %d, 警告 warnings %d" % tuple(
                file[name] for name in ("file", "rows", "accepted", "rejected", "errors", "warnings")))
        for reason in [verdict.get("reason")] if verdict.get("reason") else []:
            say("  %s\n  %s" % (reason["zh"], reason["en"]))
        for cause in causes:
            where = " ".join(str(cause[name]) for name in ("file", "row", "field") if cause.get(name) is not None)
            times = " ×%d" % cause["count"] if "count" in cause else ""
            say("  %s%s [%s]\n    %s\n    %s" % (
                where, times, cause["code"], cause["message"]["zh"], cause["message"]["en"]))


    def save(folder, name, content):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        path = os.path.join(folder, name)
        with open(os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        os.replace(path + ".part", path)
        say("已保存 saved: %s" % path)


    def fetch(server, options, path, name):
        status, content = server.ask(path)
        if status == 200:
            save(options.out, name, content)
        else:
            say("%s: %s" % (name, problem(status, content)), sys.stderr)


    def run():
        options = arguments()
        names, contents = read_files(options.files)
        server = Server(options)
        query, kind, body = form(names, contents)
        headers = {"Content-Type": kind}
        if options.check:
            _, verdict = server.json("/api/v1/submissions?dryRun=true&" + query, body, headers)
            show(verdict, verdict["findings"])
            return 0 if verdict["state"] == "accepted" else 1
        headers["Idempotency-Key"] = idempotency_key(names, contents) + ("-" + uuid.uuid4().hex if options.again else "")
        status, submission = server.json("/api/v1/submissions?" + query, body, headers)
        if not re.match(r"^[0-9A-Za-z]+$", str(submission.get("id"))):
            raise Stop("%s 不是哨点平台  answers, but not as Vedette does; check --server" % server.address)
        say("已接收 received: %s  %s  SM3 %s" % (submission["id"], submission["receivedAt"], submission["sm3"]))
        if status == 200:
            say("今天已经上报过，以下是那次的结果；要再次上报用 --again\n"
                "Sent before today; this is what came of it. To send it anew, use --again")
        path = "/api/v1/submissions/" + submission["id"]
        end = time.monotonic() + options.wait_seconds
        while submission["state"] in ("received", "processing"):
            if time.monotonic() > end:
                raise Stop("仍在核验，稍后再运行一次即可  Still being checked; run the same again later")
            time.sleep(options.poll_seconds)
            submission = server.json(path)[1]
        status, content = server.ask(path + "/findings?grouped=true")
        show(submission, json.loads(content.decode("utf-8")) if status == 200 else [])
        if status != 200:
            say("问题 findings: " + problem(status, content), sys.stderr)
        fetch(server, options, path + "/receipt", "receipt_%s.json" % submission["id"])
        if submission["rejected"] > 0:
            fetch(server, options, path + "/corrections.zip", "corrections_%s.zip" % submission["id"])
        return {"accepted": 0, "failed": 2}.get(submission["state"], 1)


    if __name__ == "__main__":
        for name in ("stdout", "stderr"):  # What the console's encoding lacks is shown as an escape.
            encoding = getattr(sys, name).encoding or "utf-8"
            encoding = encoding if encoding.lower() in ("gbk", "cp936", "gb18030") else "utf-8"
            setattr(sys, name, io.TextIOWrapper(getattr(sys, name).detach(), encoding, "backslashreplace"))
        try:
            sys.exit(run())
        except Stop as stop:
            say(str(stop), sys.stderr)
        except (KeyError, TypeError, ValueError, OSError) as error:
            say("无法完成  Could not be done: %s %s" % (type(error).__name__, error), sys.stderr)
        except KeyboardInterrupt:
            say("已中断  Interrupted", sys.stderr)
        sys.exit(2)
    """##

/// `docs/clients/send.ps1`.
let powerShellClientText: StaticString = ##"""
    # Sends files to Vedette and waits for the verdict.  向哨点平台上报文件，并等待核验结果。
    #
    # 用法 usage:  powershell -ExecutionPolicy Bypass -File send.ps1 --server URL [--token-file FILE] [options] FILE...
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
    # Windows PowerShell 5.1, .NET only, no modules. One run reports once; run it every day by the task scheduler.
    #
    # 平台的自动测试运行 send.sh 和 send.py，不运行本文件（测试环境没有 PowerShell），启用前请用 --check 试一次。
    # The platform's tests run send.sh and send.py, not this file: there is no PowerShell where they run. Try --check first.

    Set-StrictMode -Version 1
    $ErrorActionPreference = 'Stop'
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    $longestWait = 3600   # A server that asks for more is asked again by the next run.
    $trust = $null
    $sentBefore = 'Sent before today; this is what came of it. To send it anew, use --again'
    $distrusted = "服务器证书不可信，见 --ca  The server's certificate is not trusted, see --ca"

    function Say([string]$text) { [Console]::Out.WriteLine($text) }
    function Warn([string]$text) { [Console]::Error.WriteLine($text) }
    function Resolve-Full([string]$path) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path) }

    # ---- What is asked for ----

    function Read-Options([object[]]$words) {
        $options = @{
            'server' = [string]$env:VEDETTE_SERVER; 'token-file' = ''; 'ca' = ''; 'check' = $false; 'again' = $false
            'out' = 'vedette-results'; 'tries' = 8; 'retry-seconds' = 5; 'poll-seconds' = 2; 'wait-seconds' = 1800
        }
        $paths = @()
        for ($i = 0; $i -lt $words.Count; $i++) {
            $word = [string]$words[$i]
            if (-not $word.StartsWith('-')) { $paths += $word; continue }
            $name, $value = $word.TrimStart('-').Split([char[]]'=', 2)
            if ($name -eq 'help' -or $name -eq 'h' -or $name -eq '?') {
                Get-Content -Encoding UTF8 -LiteralPath $PSCommandPath | Select-Object -First 24 |
                    ForEach-Object { Say ($_ -replace '^# ?', '') }
                exit 0
            }
            if (-not $options.ContainsKey($name)) { throw "没有 $word 这个选项，用法见 --help  There is no option $word, see --help" }
            if ($options[$name] -is [bool]) { $options[$name] = $true; continue }
            if ($null -eq $value) { $value = [string]$words[++$i] }
            if (-not $value) { throw "$word 缺少值  lacks a value" }
            if ($options[$name] -is [string]) { $options[$name] = $value; continue }
            if ($value -notmatch '^[0-9]{1,5}(\.[0-9]{1,3})?$') { throw "$word：应为数字  a number, $value" }
            $options[$name] = [double]$value
        }
        return $options, $paths
    }

    function Read-Token($options) {
        $text = [string]$env:VEDETTE_TOKEN
        if ($options['token-file']) {
            try { $text = [IO.File]::ReadAllText((Resolve-Full $options['token-file'])) }
            catch { throw "无法读取令牌文件  The token's file cannot be read: $($options['token-file'])" }
        }
        $text = $text.Trim()
        if (-not $text) { throw '缺少令牌：用 --token-file 或 VEDETTE_TOKEN  A token is needed: --token-file or VEDETTE_TOKEN' }
        if ($text -match '[^A-Za-z0-9._~+/=-]') { throw '令牌含有不可能的字符  The token holds characters that no token has' }
        return $text
    }

    function Read-Files($paths) {
        if ($paths.Count -eq 0) { throw '没有要上报的文件，用法见 --help  No file to send, see --help' }
        $files = @()
        foreach ($path in $paths) {
            $full = Resolve-Full $path
            if (-not [IO.File]::Exists($full)) { throw "$path：没有这个文件  no such file" }
            $ending = [IO.Path]::GetExtension($full).ToLowerInvariant()
            if ($ending -notmatch '^\.(zip|csv|xlsx?)$') { throw "$path：只能上报 .zip .csv .xlsx .xls  only these are sent" }
            if ($ending -eq '.zip' -and $paths.Count -gt 1) { throw 'zip 请单独上报  Send a zip alone: it is a submission of its own' }
            $name = [IO.Path]::GetFileName($full)
            if (@($files | Where-Object { $_.Name -eq $name }).Count) { throw '两个文件同名  Two files have the same name' }
            try { $files += @{ Name = $name; Content = [IO.File]::ReadAllBytes($full) } }
            catch { throw "$path：无法读取，可能正被其他程序使用  cannot be read; another program may be using it" }
        }
        return , $files
    }

    # The authorities of --ca, and no others, vouch for the server.
    function New-Trust([string]$path) {
        $pattern = '-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----'
        $roots = New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection
        try {
            foreach ($match in [regex]::Matches([IO.File]::ReadAllText((Resolve-Full $path)), $pattern)) {
                $bytes = [Convert]::FromBase64String($match.Groups[1].Value)
                [void]$roots.Add((New-Object Security.Cryptography.X509Certificates.X509Certificate2 (, $bytes)))
            }
        } catch { throw "无法使用根证书文件  The file of --ca cannot be used: $path" }
        if ($roots.Count -eq 0) { throw "根证书文件中没有证书  The file of --ca holds no certificate in PEM: $path" }
        Add-Type -TypeDefinition @'
    using System;
    using System.Net.Security;
    using System.Security.Cryptography.X509Certificates;
    public class VedetteTrust {
        private readonly X509Certificate2Collection roots;
        public VedetteTrust(X509Certificate2Collection roots) { this.roots = roots; }
        public bool Check(object sender, X509Certificate certificate, X509Chain sent, SslPolicyErrors errors) {
            if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
            X509Chain chain = new X509Chain();
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            chain.ChainPolicy.ExtraStore.AddRange(roots);
            foreach (X509ChainElement element in sent.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            if (!chain.Build(new X509Certificate2(certificate))) return false;
            byte[] last = chain.ChainElements[chain.ChainElements.Count - 1].Certificate.RawData;
            foreach (X509Certificate2 root in roots)
                if (Convert.ToBase64String(root.RawData) == Convert.ToBase64String(last)) return true;
            return false;
        }
    }
    '@
        $check = New-Object VedetteTrust (, $roots)
        return [Delegate]::CreateDelegate([Net.Security.RemoteCertificateValidationCallback], $check, 'Check')
    }

    # ---- HTTP ----

    # Leaves the answer in $script:status and $script:content. Network faults, 408, 429 and 5xx are tried again; a redirect is
    # not followed, as the token is for one server alone.
    function Send-Request([string]$path, [byte[]]$body, [string]$type, [string]$key) {
        $pause = $options['retry-seconds']
        for ($number = 1; ; $number++) {
            $response = $null; $asked = 0; $fault = ''
            try {
                $request = [Net.WebRequest]::Create($server + $path)
                $request.AllowAutoRedirect = $false
                $request.Timeout = 120000; $request.ReadWriteTimeout = 120000
                $request.Accept = 'application/json, */*'
                $request.Headers.Add('Authorization', "Bearer $token")
                if ($trust) { $request.ServerCertificateValidationCallback = $trust }
                if ($type) {
                    $request.Method = 'POST'; $request.ContentType = $type; $request.ContentLength = $body.Length
                    if ($key) { $request.Headers.Add('Idempotency-Key', $key) }
                    $stream = $request.GetRequestStream()
                    $stream.Write($body, 0, $body.Length); $stream.Close()
                }
                $response = $request.GetResponse()
            } catch {
                $cause = $_.Exception
                while ($cause -isnot [Net.WebException] -and $cause.InnerException) { $cause = $cause.InnerException }
                if ($cause -is [Net.WebException]) {
                    $response = $cause.Response
                    if ($cause.Status -eq [Net.WebExceptionStatus]::TrustFailure) { throw "$distrusted：$($cause.Message)" }
                }
                $fault = "$server 没有应答  does not answer: $($cause.Message)"
            }
            if ($response) {
                $script:status = [int]$response.StatusCode
                $script:content = New-Object byte[] 0
                $again = $response.Headers['Retry-After']
                $moment = [DateTimeOffset]::MinValue
                if ($again -match '^[0-9]{1,9}$') { $asked = [double]$again }
                elseif ([DateTimeOffset]::TryParse($again, [ref]$moment)) { $asked = ($moment - [DateTimeOffset]::Now).TotalSeconds }
                $fault = ''
                try {
                    $memory = New-Object IO.MemoryStream
                    $response.GetResponseStream().CopyTo($memory)
                    $script:content = $memory.ToArray()
                } catch { $fault = "$server 应答中断  broke its answer off: $($_.Exception.Message)" }
                $response.Close()
                if (-not $fault) {
                    if ($status -ne 408 -and $status -ne 429 -and $status -lt 500) { return }
                    $fault = Get-Problem
                }
            }
            $wait = [Math]::Max($pause, $asked)
            if ($number -ge $options['tries'] -or $wait -gt $longestWait) { throw $fault }
            Warn "$fault`r`n  $wait 秒后重试  trying again in $wait s ($number/$($options['tries']))"
            Start-Sleep -Milliseconds ([int]($wait * 1000))
            $pause = [Math]::Min($pause * 2, 900)
        }
    }

    function Get-Json { return ConvertFrom-Json ([Text.Encoding]::UTF8.GetString($content)) }

    # A refusal in both languages, from application/problem+json.
    function Get-Problem {
        try { $told = Get-Json } catch { $told = $null }
        if ($told.zh) { return "$status $($told.zh.title) $($told.zh.detail)`r`n  $($told.en.title) $($told.en.detail)" }
        if ($status -eq 408 -or $status -eq 429 -or $status -ge 500) { return "$status：服务器暂时不能接收  the server cannot take it now" }
        return "$status：不是哨点平台的应答，请检查 --server  not an answer of Vedette; check --server"
    }

    function Get-Answer {
        if ($status -ne 200 -and $status -ne 201) { throw (Get-Problem) }
        try { $answer = Get-Json } catch { $answer = $null }
        if (-not $answer.state) { throw "$server 不是哨点平台  answers, but not as Vedette does; check --server" }
        return $answer
    }

    # ---- What the server says ----

    function Show-Verdict($verdict, $causes) {
        $words = @{ 'accepted' = '达标'; 'partly-accepted' = '部分达标'; 'rejected' = '退回'; 'failed' = '处理失败' }
        Say "$($words[$verdict.state]) $($verdict.state)"
        foreach ($file in $verdict.files) {
            Say ("  {0}: 记录总数 rows {1}, 达标 accepted {2}, 退回 rejected {3}, 错误 errors {4}, 警告 warnings {5}" -f `
                $file.file, $file.rows, $file.accepted, $file.rejected, $file.errors, $file.warnings)
        }
        if ($verdict.reason) { Say "  $($verdict.reason.zh)`r`n  $($verdict.reason.en)" }
        foreach ($cause in $causes) {
            $where = (@($cause.file, $cause.row, $cause.field) | Where-Object { $_ }) -join ' '
            if ($cause.count) { $where += " ×$($cause.count)" }
            Say "  $where [$($cause.code)]`r`n    $($cause.message.zh)`r`n    $($cause.message.en)"
        }
    }

    function Save-Answer([string]$path, [string]$name) {
        Send-Request $path
        if ($status -ne 200) { Warn "${name}: $(Get-Problem)"; return }
        $folder = Resolve-Full $options['out']
        [void][IO.Directory]::CreateDirectory($folder)
        $target = [IO.Path]::Combine($folder, $name)
        [IO.File]::WriteAllBytes("$target.part", $content)
        Move-Item -Force -LiteralPath "$target.part" -Destination $target
        Say "已保存 saved: $target"
    }

    # ---- One run ----

    try {
        $options, $paths = Read-Options $args
        $files = Read-Files $paths
        $server = $options['server'].TrimEnd('/')
        $address = $null
        if (-not [Uri]::TryCreate($server, [UriKind]::Absolute, [ref]$address) -or $address.Scheme -notmatch '^https?$') {
            throw '缺少 --server 或不是地址  --server is missing or no address: https://vedette.example'
        }
        $isPlain = $address.Scheme -eq 'http' -and -not $address.IsLoopback
        if ($isPlain) { Warn '注意：http 不加密  Note: http is not encrypted; use https where you can' }
        $token = Read-Token $options
        if ($options['ca']) { $trust = New-Trust $options['ca'] }

        $utf8 = New-Object Text.UTF8Encoding $false
        $hashed = New-Object IO.MemoryStream
        $form = New-Object IO.MemoryStream
        $boundary = 'vedette-' + [Guid]::NewGuid().ToString('N')
        foreach ($file in $files) {
            $head = $utf8.GetBytes("$($file.Name)`n$($file.Content.Length)`n")
            $hashed.Write($head, 0, $head.Length); $hashed.Write($file.Content, 0, $file.Content.Length)
            $name = [Uri]::EscapeDataString($file.Name)
            $head = $utf8.GetBytes("--$boundary`r`nContent-Disposition: form-data; name=`"file`"; filename*=UTF-8''$name`r`n`r`n")
            $form.Write($head, 0, $head.Length); $form.Write($file.Content, 0, $file.Content.Length)
            $form.Write([byte[]](13, 10), 0, 2)
        }
        $end = $utf8.GetBytes("--$boundary--`r`n"); $form.Write($end, 0, $end.Length)
        $query = ''; $type = "multipart/form-data; boundary=$boundary"; $body = $form.ToArray()
        if ($files.Count -eq 1) { $query = "filename=$name"; $type = 'application/octet-stream'; $body = $files[0].Content }

        if ($options['check']) {
            Send-Request "/api/v1/submissions?dryRun=true&$query" $body $type
            $verdict = Get-Answer
            Show-Verdict $verdict $verdict.findings
            exit [int]($verdict.state -ne 'accepted')
        }

        # The same files on the same day have the same key, so that sending them twice counts once.
        $digest = [Security.Cryptography.SHA256]::Create().ComputeHash($hashed.ToArray())
        $hex = [BitConverter]::ToString($digest).Replace('-', '').ToLowerInvariant().Substring(0, 40)
        $day = [DateTime]::Now.ToString('yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
        $key = "send-$day-$hex"
        if ($options['again']) { $key += '-' + [Guid]::NewGuid().ToString('N') }

        Send-Request "/api/v1/submissions?$query" $body $type $key
        $submission = Get-Answer
        Say "已接收 received: $($submission.id)  $($submission.receivedAt)  SM3 $($submission.sm3)"
        if ($status -eq 200) { Say "今天已经上报过，以下是那次的结果；要再次上报用 --again`r`n$sentBefore" }
        if ($submission.id -notmatch '^[0-9A-Za-z]+$') { throw "$server 不是哨点平台  does not answer as Vedette; check --server" }
        $path = '/api/v1/submissions/' + $submission.id
        $watch = [Diagnostics.Stopwatch]::StartNew()
        while ($submission.state -eq 'received' -or $submission.state -eq 'processing') {
            if ($watch.Elapsed.TotalSeconds -gt $options['wait-seconds']) {
                throw '仍在核验，稍后再运行一次即可  Still being checked; run the same again later'
            }
            Start-Sleep -Milliseconds ([int]($options['poll-seconds'] * 1000))
            Send-Request $path
            $submission = Get-Answer
        }
        Send-Request "$path/findings?grouped=true"
        if ($status -eq 200) { $causes = Get-Json } else { $causes = @(); Warn "问题 findings: $(Get-Problem)" }
        Show-Verdict $submission $causes
        Save-Answer "$path/receipt" "receipt_$($submission.id).json"
        if ($submission.rejected -gt 0) { Save-Answer "$path/corrections.zip" "corrections_$($submission.id).zip" }
        exit $(if ($submission.state -eq 'accepted') { 0 } elseif ($submission.state -eq 'failed') { 2 } else { 1 })
    } catch { Warn ([string]$_.Exception.Message); exit 2 }
    """##
