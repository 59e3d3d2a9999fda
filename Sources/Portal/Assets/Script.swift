/// What pages can do more where scripts run: uploads with progress by drag and drop, what came of them, and looking
/// again while a report is processed.
/// Everything works without it.
let scriptText: StaticString = #"""
    "use strict";
    (function () {
      function element(name, className, text) {
        var node = document.createElement(name);
        if (className) node.className = className;
        if (text !== undefined) node.textContent = text;
        return node;
      }

      function size(bytes) {
        if (bytes < 1024) return bytes + " B";
        if (bytes < 1048576) return (bytes / 1024).toFixed(1) + " KB";
        return (bytes / 1048576).toFixed(1) + " MB";
      }

      function parsed(request) {
        try { return JSON.parse(request.responseText); } catch (error) { return {}; }
      }

      function isFinal(answer) {
        return Boolean(answer.state) && answer.state !== "received" && answer.state !== "processing";
      }

      // Answers with an empty object where nothing could be learned.
      function ask(address, then) {
        var request = new XMLHttpRequest();
        request.open("GET", address);
        request.setRequestHeader("Accept", "application/json");
        request.onload = function () { then(parsed(request), request.status); };
        request.onerror = function () { then({}, 0); };
        request.send();
      }

      var form = document.querySelector("form[data-upload]");
      if (form && window.XMLHttpRequest && window.File) {
        var texts = JSON.parse(form.dataset.texts);
        var input = form.querySelector("input[type=file]");
        var drop = form.querySelector(".drop");
        var button = form.querySelector("button");
        var queue = form.querySelector(".queue");
        var items = [];

        var show = function (item) {
          item.row = element("li");
          item.row.append(element("strong", "", item.file.name), element("span", "hint", size(item.file.size)));
          item.result = element("div", "result hint", texts.ready);
          item.row.append(item.result);
          queue.append(item.row);
        };
        var say = function (item, tone, text) {
          item.result.className = "result " + tone;
          item.result.textContent = text;
        };
        var fail = function (item, text) {
          item.state = "failed";
          say(item, "bad", text);
        };
        // CSV files that are sent together are one package.
        var tables = function () {
          return items.filter(function (item) {
            return item.state === "ready" && !item.isChecked && /\.csv$/i.test(item.file.name);
          });
        };
        var add = function (files) {
          Array.prototype.forEach.call(files, function (file) {
            var item = { file: file, state: "ready" };
            items.push(item);
            show(item);
            if (!/\.(zip|csv)$/i.test(file.name)) fail(item, texts.type);
            else if (file.size > Number(form.dataset.limit)) fail(item, texts.large);
            else if (file.size === 0) fail(item, texts.empty);
          });
          var together = tables();
          together.forEach(function (item) { say(item, "hint", together.length > 1 ? texts.together : texts.ready); });
          input.required = false;
          input.value = "";
        };
        var link = function (item) {
          var anchor = element("a", "", texts.open);
          anchor.href = item.address;
          item.result.append(" ", anchor);
        };
        var outcome = function (group, answer) {
          var rows = texts.rows.replace("{rows}", answer.rows).replace("{accepted}", answer.accepted);
          var records = answer.records;
          var text = texts.states[answer.state] + (answer.state === "failed" ? "" : " · " + rows);
          if (records && records.unchanged && !records.added && !records.changed && !records.withdrawn) text += " · " + texts.unchanged;
          group.forEach(function (item) {
            say(item, texts.tones[answer.state], text);
            link(item);
          });
        };
        var watch = function (group, address, wait) {
          setTimeout(function () {
            ask(address, function (answer) {
              if (isFinal(answer)) outcome(group, answer);
              else watch(group, address, Math.min(wait * 1.3, 10000));
            });
          }, wait);
        };
        // What a check of which nothing is kept says.
        var checksOnly = false;
        var foretold = function (answer) {
          var sums = { rows: 0, accepted: 0, "new": 0, changed: 0, unchanged: 0, withdrawn: 0, vanished: 0 };
          answer.files.forEach(function (file) {
            Object.keys(sums).forEach(function (name) { sums[name] += file[name]; });
          });
          var fill = function (text) { return text.replace(/\{(\w+)\}/g, function (all, name) { return sums[name]; }); };
          var texted = texts.checked + texts.states[answer.state] + " · " + fill(texts.rows) + " · " + fill(texts.changes);
          if (answer.findings.length) {
            var tongue = document.documentElement.lang === "en" ? "en" : "zh";
            texted += " · " + answer.findings.slice(0, 3).map(function (finding) {
              return [finding.row, finding.field, finding.message[tongue]].filter(Boolean).join(" ");
            }).join("; ");
          }
          return texted;
        };
        var packages = 0;
        var finished = function () {
          button.disabled = false;
          var sent = items.filter(function (item) { return item.state === "sent"; });
          if (packages === 1 && sent.length === items.length) location.href = sent[0].address;
        };
        var next = function () {
          var group = tables();
          if (!group.length) {
            group = items.filter(function (item) { return item.state === "ready" && !item.isChecked; }).slice(0, 1);
          }
          if (!group.length) return finished();
          var address = form.dataset.target;
          var request = new XMLHttpRequest();
          var asked = group.length > 1 ? [] : ["filename=" + encodeURIComponent(group[0].file.name)];
          if (checksOnly) asked.push("dryRun=true");
          request.open("POST", asked.length ? address + "?" + asked.join("&") : address);
          request.setRequestHeader("X-Form-Token", form.dataset.token);
          request.setRequestHeader("Accept", "application/json");
          request.setRequestHeader("Accept-Language", document.documentElement.lang);
          var progress = element("progress");
          progress.max = 1;
          progress.value = 0;
          group[0].row.insertBefore(progress, group[0].result);
          group.forEach(function (item) {
            item.state = "sending";
            say(item, "hint", texts.sending);
          });
          request.upload.onprogress = function (event) {
            if (!event.lengthComputable) return;
            progress.value = event.loaded / event.total;
            if (event.loaded === event.total) group.forEach(function (item) { say(item, "hint", texts.saving); });
          };
          request.onload = function () {
            progress.remove();
            var answer = parsed(request);
            if (request.status === 200 && checksOnly) {
              var verdict = foretold(answer);
              group.forEach(function (item) {
                item.state = "ready";
                item.isChecked = true;
                say(item, texts.tones[answer.state], verdict);
              });
            } else if (request.status === 201 || request.status === 200) {
              packages += 1;
              group.forEach(function (item) {
                item.state = "sent";
                item.address = "/submissions/" + encodeURIComponent(answer.id);
                say(item, "hint", answer.alreadyReceived ? texts.again : texts.checking);
                link(item);
              });
              watch(group, address + "/" + encodeURIComponent(answer.id), 700);
            } else {
              var reason = [answer.title, answer.detail].filter(Boolean).join(" — ") || texts.failed;
              group.forEach(function (item) { fail(item, reason); });
            }
            next();
          };
          request.onerror = function () {
            progress.remove();
            group.forEach(function (item) { fail(item, texts.failed); });
            next();
          };
          if (group.length > 1) {
            var body = new FormData();
            group.forEach(function (item) { body.append("file", item.file, item.file.name); });
            request.send(body);
          } else {
            request.setRequestHeader("Content-Type", "application/octet-stream");
            request.send(group[0].file);
          }
        };

        input.addEventListener("change", function () { add(input.files); });
        ["dragenter", "dragover"].forEach(function (name) {
          drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
        });
        ["dragleave", "drop"].forEach(function (name) {
          drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("over"); });
        });
        drop.addEventListener("drop", function (event) { add(event.dataTransfer.files); });
        form.addEventListener("submit", function (event) {
          if (!items.some(function (item) { return item.state === "ready"; })) {
            if (!input.files.length) event.preventDefault();
            return;
          }
          event.preventDefault();
          checksOnly = Boolean(event.submitter && event.submitter.hasAttribute("formaction"));
          items.forEach(function (item) { item.isChecked = false; });
          button.disabled = true;
          next();
        });
      }

      var poll = document.querySelector("[data-poll]");
      if (poll) {
        var wait = 1000;
        var look = function () {
          ask(poll.dataset.poll, function (answer, status) {
            if (status === 401 || isFinal(answer)) location.reload();
            else again();
          });
        };
        var again = function () {
          wait = Math.min(wait * 1.3, 10000);
          setTimeout(look, wait);
        };
        setTimeout(look, wait);
      }
    })();
    """#
