/// What pages can do more where scripts run: uploads with progress by drag and drop, and looking again while a report is processed.
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
        var add = function (files) {
          Array.prototype.forEach.call(files, function (file) {
            var item = { file: file, state: "ready" };
            items.push(item);
            show(item);
            if (!/\.(zip|csv)$/i.test(file.name)) fail(item, texts.type);
            else if (file.size > Number(form.dataset.limit)) fail(item, texts.large);
            else if (file.size === 0) fail(item, texts.empty);
          });
          input.required = false;
          input.value = "";
        };
        var fail = function (item, text) {
          item.state = "failed";
          item.result.className = "result bad";
          item.result.textContent = text;
        };
        var finished = function () {
          button.disabled = false;
          var sent = items.filter(function (item) { return item.state === "sent"; });
          if (items.length === 1 && sent.length === 1) location.href = sent[0].address;
        };
        var next = function () {
          var item = items.find(function (item) { return item.state === "ready"; });
          if (!item) return finished();
          item.state = "sending";
          var progress = element("progress");
          progress.max = 1;
          progress.value = 0;
          item.row.insertBefore(progress, item.result);
          item.result.textContent = texts.sending;
          var request = new XMLHttpRequest();
          request.open("POST", form.dataset.target + "?filename=" + encodeURIComponent(item.file.name));
          request.setRequestHeader("X-Form-Token", form.dataset.token);
          request.setRequestHeader("Accept", "application/json");
          request.setRequestHeader("Accept-Language", document.documentElement.lang);
          request.setRequestHeader("Content-Type", "application/octet-stream");
          request.upload.onprogress = function (event) {
            if (!event.lengthComputable) return;
            progress.value = event.loaded / event.total;
            if (event.loaded === event.total) item.result.textContent = texts.saving;
          };
          request.onload = function () {
            progress.remove();
            var answer = {};
            try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
            if (request.status === 201 || request.status === 200) {
              item.state = "sent";
              item.address = "/submissions/" + encodeURIComponent(answer.id);
              item.result.className = "result good";
              item.result.textContent = (answer.alreadyReceived ? texts.known : texts.sent) + " ";
              var link = element("a", "", texts.open);
              link.href = item.address;
              item.result.append(link);
            } else {
              fail(item, [answer.title, answer.detail].filter(Boolean).join(" — ") || texts.failed);
            }
            next();
          };
          request.onerror = function () {
            progress.remove();
            fail(item, texts.failed);
            next();
          };
          request.send(item.file);
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
          button.disabled = true;
          next();
        });
      }

      var poll = document.querySelector("[data-poll]");
      if (poll) {
        var wait = 1000;
        var look = function () {
          var request = new XMLHttpRequest();
          request.open("GET", poll.dataset.poll);
          request.setRequestHeader("Accept", "application/json");
          request.onload = function () {
            var answer = {};
            try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
            if (request.status === 401 || (answer.state && answer.state !== "received" && answer.state !== "processing")) {
              location.reload();
              return;
            }
            again();
          };
          request.onerror = again;
          request.send();
        };
        var again = function () {
          wait = Math.min(wait * 1.3, 10000);
          setTimeout(look, wait);
        };
        setTimeout(look, wait);
      }
    })();
    """#
