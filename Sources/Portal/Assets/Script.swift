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

      // What is wider than the screen is scrolled by keyboard, too.
      function reachScrolled() {
        document.querySelectorAll(".scroll, pre").forEach(function (part) {
          if (part.scrollWidth > part.clientWidth) part.tabIndex = 0; else part.removeAttribute("tabindex");
        });
      }
      reachScrolled();
      addEventListener("resize", reachScrolled);

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

      // What an institution's code says, while it is typed.
      document.querySelectorAll("input[data-explain]").forEach(function (input) {
        var place = document.getElementById(input.dataset.explain);
        var timer;
        input.addEventListener("input", function () {
          clearTimeout(timer);
          timer = setTimeout(function () {
            var text = input.value.trim();
            place.replaceChildren();
            if (!text) return;
            ask("/api/v1/institution-codes/" + encodeURIComponent(text), function (answer, status) {
              if (status !== 200 || input.value.trim() !== text) return;
              var language = document.documentElement.lang.slice(0, 2);
              place.replaceChildren(element("span", "", answer.summary[language]));
              answer.findings.forEach(function (finding) {
                var tone = finding.severity === "error" ? "bad" : "warn";
                place.append(element("span", "tag " + tone, finding.message[language]));
              });
            });
          }, 300);
        });
      });

      // A photograph that is too large is made smaller before it is sent.
      document.querySelectorAll("input[data-shrink]").forEach(function (input) {
        input.addEventListener("change", function () {
          var file = input.files[0];
          if (!file || file.size <= Number(input.dataset.shrink) || !/^image\/(jpeg|png)$/.test(file.type)) return;
          if (!window.createImageBitmap || !window.DataTransfer) return;
          createImageBitmap(file).then(function (picture) {
            var scale = Math.min(1, 2800 / Math.max(picture.width, picture.height));
            var canvas = element("canvas");
            canvas.width = Math.round(picture.width * scale);
            canvas.height = Math.round(picture.height * scale);
            canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
            canvas.toBlob(function (blob) {
              if (!blob || blob.size >= file.size) return;
              var transfer = new DataTransfer();
              var name = file.name.replace(/\.\w+$/, "") + ".jpg";
              transfer.items.add(new File([blob], name, { type: "image/jpeg" }));
              input.files = transfer.files;
            }, "image/jpeg", 0.85);
          }, function () {});
        });
      });

      var form = document.querySelector("form[data-upload]");
      if (form && window.XMLHttpRequest && window.File) {
        var texts = JSON.parse(form.dataset.texts);
        var input = form.querySelector("input[type=file]");
        var drop = form.querySelector(".drop");
        var buttons = form.querySelectorAll("button[type=submit]");
        var queue = form.querySelector(".queue");
        var items = [];
        var isBusy = false;

        var fill = function (text, values) {
          return text.replace(/\{(\w+)\}/g, function (all, name) { return values[name]; });
        };
        var show = function (item) {
          item.row = element("li");
          item.row.append(element("strong", "", item.file.name), element("span", "hint", size(item.file.size)));
          item.result = element("div", "result hint", texts.ready);
          item.actions = element("div", "rowactions");
          item.row.append(item.result, item.actions);
          queue.append(item.row);
          offer(item, { remove: remove });
        };
        // Buttons of a row, by the name of their text.
        var offer = function (item, actions) {
          item.actions.replaceChildren();
          Object.keys(actions).forEach(function (name) {
            var button = element("button", "plain small", texts[name]);
            button.type = "button";
            button.setAttribute("aria-label", texts[name] + " " + item.file.name);
            button.addEventListener("click", function () { actions[name](item); });
            item.actions.append(button);
          });
        };
        var remove = function (item) {
          items.splice(items.indexOf(item), 1);
          item.row.remove();
          describeTables();
        };
        var say = function (item, tone, text) {
          item.result.className = "result " + tone;
          item.result.textContent = text;
        };
        // What sending again may mend can be sent again: by the row's own button and by the form's.
        var fail = function (item, text, canRetry) {
          item.state = canRetry ? "again" : "failed";
          say(item, "bad", text);
          offer(item, canRetry ? { retry: retry, remove: remove } : { remove: remove });
        };
        var retry = function (item) {
          item.state = "ready";
          if (!isBusy) start(false);
        };
        var isWaiting = function (item) { return item.state === "ready" && !item.isChecked; };
        // CSV files that are sent together are one package.
        var tables = function () {
          return items.filter(function (item) { return isWaiting(item) && /\.(csv|xls[xm]?)$/i.test(item.file.name); });
        };
        var describeTables = function () {
          var together = tables();
          together.forEach(function (item) { say(item, "hint", together.length > 1 ? texts.together : texts.ready); });
          input.required = !items.length;
        };
        var add = function (files) {
          Array.prototype.forEach.call(files, function (file) {
            var item = { file: file, state: "ready" };
            items.push(item);
            show(item);
            if (!/\.(zip|csv|xls[xm]?)$/i.test(file.name)) fail(item, texts.type, false);
            else if (file.size > Number(form.dataset.limit)) fail(item, texts.large, false);
            else if (file.size === 0) fail(item, texts.empty, false);
          });
          describeTables();
          input.value = "";
        };
        var link = function (item, address, text) {
          var anchor = element("a", "", text);
          anchor.href = address;
          item.result.append(" ", anchor);
        };
        var outcome = function (group, answer) {
          var records = answer.records;
          var text = texts.states[answer.state] + (answer.state === "failed" ? "" : " · " + fill(texts.rows, answer));
          if (answer.errors || answer.warnings) text += " · " + fill(texts.counts, answer);
          if (records && records.unchanged && !records.added && !records.changed && !records.withdrawn) text += " · " + texts.unchanged;
          group.forEach(function (item) {
            say(item, texts.tones[answer.state], text);
            link(item, item.address, texts.open);
            if (answer.errors) link(item, item.address + "/findings", texts.findings);
          });
        };
        var watch = function (group, address, wait) {
          setTimeout(function () {
            ask(address, function (answer, status) {
              if (isFinal(answer)) return outcome(group, answer);
              if (status === 401) return group.forEach(function (item) { say(item, "warn", texts.signedOut); signInLink(item); });
              if (answer.state === "processing") group.forEach(function (item) { say(item, "hint", answer.checkedPercent ? fill(texts.checkingShare, answer) : texts.checking); link(item, item.address, texts.open); });
              watch(group, address, Math.min(wait * 1.3, 10000));
            });
          }, wait);
        };
        var signInLink = function (item) {
          link(item, "/sign-in?next=%2Fupload", texts.signIn);
          item.result.lastChild.target = "_blank";
        };
        // What a check of which nothing is kept says.
        var checksOnly = false;
        var foretold = function (answer) {
          var sums = { rows: 0, accepted: 0, "new": 0, changed: 0, unchanged: 0, withdrawn: 0, vanished: 0 };
          answer.files.forEach(function (file) {
            Object.keys(sums).forEach(function (name) { sums[name] += file[name]; });
          });
          var texted = texts.checked + texts.states[answer.state] + " · " + fill(texts.rows, sums) + " · " + fill(texts.changes, sums);
          if (answer.findings.length) {
            var tongue = document.documentElement.lang === "en" ? "en" : "zh";
            texted += " · " + answer.findings.slice(0, 3).map(function (finding) {
              return [finding.row, finding.field, finding.message[tongue]].filter(Boolean).join(" ");
            }).join("; ");
          }
          return texted;
        };
        var enable = function (isOn) { buttons.forEach(function (button) { button.disabled = !isOn; }); };
        var start = function (isCheck) {
          checksOnly = isCheck;
          isBusy = true;
          items.forEach(function (item) { item.isChecked = false; });
          enable(false);
          // Whoever has signed in anew since the page came has another token.
          var request = new XMLHttpRequest();
          request.open("GET", location.pathname);
          request.setRequestHeader("Accept", "text/html");
          request.onload = function () {
            var page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("form[data-upload]");
            if (page) form.dataset.token = page.dataset.token;
            next();
          };
          request.onerror = next;
          request.send();
        };
        var next = function () {
          var group = tables();
          if (!group.length) group = items.filter(isWaiting).slice(0, 1);
          if (!group.length) {
            isBusy = false;
            return enable(true);
          }
          send(group);
        };
        var send = function (group) {
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
          progress.setAttribute("aria-label", texts.sending);
          group[0].row.insertBefore(progress, group[0].result);
          group.forEach(function (item) {
            item.state = "sending";
            say(item, "hint", texts.sending);
            offer(item, { cancel: function () { request.abort(); } });
          });
          request.upload.onprogress = function (event) {
            if (!event.lengthComputable) return;
            progress.value = event.loaded / event.total;
            var isWhole = event.loaded === event.total;
            if (isWhole) group.forEach(function (item) { offer(item, {}); });
            var percent = Math.floor(100 * progress.value) + " %";
            group.forEach(function (item) { say(item, "hint", isWhole ? texts.saving : texts.sending + " " + percent); });
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
                offer(item, { remove: remove });
              });
            } else if (request.status === 201 || request.status === 200) {
              group.forEach(function (item) {
                item.state = "sent";
                item.address = "/submissions/" + encodeURIComponent(answer.id);
                say(item, "hint", answer.alreadyReceived ? texts.again : texts.checking);
                link(item, item.address, texts.open);
                offer(item, {});
              });
              watch(group, address + "/" + encodeURIComponent(answer.id), 700);
            } else if (request.status === 401) {
              group.forEach(function (item) {
                fail(item, texts.signedOut, true);
                signInLink(item);
              });
            } else {
              var reason = [answer.title, answer.detail].filter(Boolean).join(" — ") || texts.failed;
              group.forEach(function (item) { fail(item, reason, request.status !== 413 && request.status !== 415); });
            }
            next();
          };
          var stopped = function (text) {
            return function () {
              progress.remove();
              group.forEach(function (item) { fail(item, text, true); });
              next();
            };
          };
          request.onerror = stopped(texts.failed);
          request.onabort = stopped(texts.cancelled);
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
        // Wherever on the page files are dropped, they are taken.
        ["dragenter", "dragover"].forEach(function (name) {
          document.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
        });
        ["dragleave", "drop"].forEach(function (name) {
          document.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("over"); });
        });
        document.addEventListener("drop", function (event) { if (event.dataTransfer) add(event.dataTransfer.files); });
        form.addEventListener("submit", function (event) {
          if (!items.length) {
            if (!input.files.length) event.preventDefault();
            return;
          }
          event.preventDefault();
          items.forEach(function (item) { if (item.state === "again") item.state = "ready"; });
          if (!isBusy && items.some(function (item) { return item.state === "ready"; })) {
            start(Boolean(event.submitter && event.submitter.hasAttribute("formaction")));
          }
        });
      }

      document.querySelectorAll("[data-print]").forEach(function (button) {
        button.hidden = false;
        button.addEventListener("click", function () { print(); });
      });

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
