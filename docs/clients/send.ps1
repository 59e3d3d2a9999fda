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
