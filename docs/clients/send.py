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
