/// The API's description, as `/openapi.json` gives it.
let openAPIText: StaticString = #"""
    {
      "openapi": "3.1.0",
      "info": {
        "title": "Vedette 哨点",
        "version": "1",
        "description": "Send surveillance reports and see what became of them. 上报监测数据并查询核验结果。",
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
      },
      "security": [ { "basic": [] }, { "bearer": [] }, { "session": [] } ],
      "paths": {
        "/api/v1/submissions": {
          "post": {
            "operationId": "submit",
            "summary": "Send a package. 上报数据包",
            "description": "Answered when every byte is durable; processing goes on afterwards. Every upload is a submission of its own; what was sent last counts. A repetition is answered with the first submission and 200.",
            "parameters": [
              { "name": "filename", "in": "query", "schema": { "type": "string", "minLength": 1 }, "example": "flu_20260101.csv",
                "description": "The file's name; needed unless the body is multipart or application/zip. For a CSV its part before the first _ says what it is." },
              { "name": "dryRun", "in": "query", "schema": { "type": "boolean", "default": false },
                "description": "Checks the package, says what storing it would change, and keeps nothing: no submission, no receipt. 仅核验" },
              { "$ref": "#/components/parameters/IdempotencyKey" },
              { "name": "X-Form-Token", "in": "header", "schema": { "type": "string" },
                "description": "Only with a session: the token of its forms." }
            ],
            "requestBody": {
              "required": true,
              "content": {
                "application/zip": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "text/csv": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "application/octet-stream": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "multipart/form-data": {
                  "schema": { "type": "object", "required": ["file"], "additionalProperties": false,
                    "properties": { "file": { "type": "array", "minItems": 1, "items": { "type": "string", "format": "binary" } } } }
                }
              }
            },
            "responses": {
              "201": {
                "description": "Received and durable. The tables of a form are one submission, each zip is one; of several, all stand in `submissions`.",
                "headers": { "Location": { "schema": { "type": "string" } } },
                "content": { "application/json": { "schema": { "anyOf": [
                  { "$ref": "#/components/schemas/Submission" }, { "$ref": "#/components/schemas/Submissions" } ] } } }
              },
              "200": {
                "description": "It repeats an earlier request, with whose submission it is answered; or, with dryRun, the verdict.",
                "content": { "application/json": { "schema": { "anyOf": [
                  { "$ref": "#/components/schemas/Submission" }, { "$ref": "#/components/schemas/Submissions" },
                  { "$ref": "#/components/schemas/DryRun" }, { "$ref": "#/components/schemas/DryRuns" } ] } } }
              },
              "409": { "$ref": "#/components/responses/Problem" },
              "415": { "$ref": "#/components/responses/Problem" },
              "422": { "$ref": "#/components/responses/Unprocessable" },
              "507": { "$ref": "#/components/responses/Problem" }
            }
          },
          "get": {
            "operationId": "submissions",
            "summary": "The submissions, the latest first. 上报记录",
            "parameters": [
              { "name": "state", "in": "query", "schema": { "$ref": "#/components/schemas/State" } },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200, "default": 50 } },
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The first day on which they were received, in the server's time zone." },
              { "name": "to", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The last one." },
              { "name": "before", "in": "query", "schema": { "$ref": "#/components/schemas/SubmissionID" }, "description": "The last id of the page before: `next`." }
            ],
            "responses": {
              "200": { "description": "One page of those that the account may see.",
                "headers": { "Link": { "$ref": "#/components/headers/Link" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/SubmissionPage" } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/obligations": {
          "get": {
            "operationId": "obligations",
            "summary": "Who owes what by when, and what came of it. 上报义务",
            "description": "By deadline, institution, program and kind; each with the rules and facts behind it. An institution sees its own, a commission its region's.",
            "parameters": [
              { "name": "program", "in": "query", "schema": { "$ref": "#/components/schemas/ProgramID" } },
              { "name": "institution", "in": "query", "schema": { "$ref": "#/components/schemas/InstitutionCode" } },
              { "name": "region", "in": "query", "schema": { "$ref": "#/components/schemas/Region" } },
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The first day on which what is listed falls due; today where neither from nor to is given." },
              { "name": "to", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The last one; at most 31 days, and 400 of one institution." },
              { "name": "state", "in": "query", "style": "form", "explode": false, "description": "One state, or several with commas.",
                "schema": { "type": "array", "minItems": 1, "items": { "type": "string", "enum": ["upcoming", "due", "in-time", "late", "missing", "exempt"] } } },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 } },
              { "name": "after", "in": "query", "description": "`next` of the page before.",
                "schema": { "type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])~[0-9]{1,15}~[0-9a-z-]+~[^~\\x00-\\x1f]+~[0-9A-Za-z-]+$" } }
            ],
            "responses": {
              "200": { "description": "One page.", "headers": { "Link": { "$ref": "#/components/headers/Link" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Obligations" } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/indicators": {
          "get": {
            "operationId": "indicators",
            "summary": "What the programs declare. 指标目录",
            "responses": {
              "200": { "description": "Every indicator of every program.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["items", "total"],
                "properties": { "items": { "type": "array", "items": { "type": "object" } }, "total": { "type": "integer" } } } } } }
            }
          }
        },
        "/api/v1/indicators/{program}/{id}": {
          "get": {
            "operationId": "figures",
            "summary": "Figures of an indicator, now or as they were known. 指标数值",
            "description": "An institution sees its own, a commission its region's. With compareTo: why the figure was another one then.",
            "parameters": [
              { "name": "program", "in": "path", "required": true, "schema": { "type": "string" }, "example": "fever-clinic" },
              { "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "example": "visits" },
              { "name": "by", "in": "query", "style": "form", "explode": false, "example": ["week"],
                "schema": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/components/schemas/Split" } },
                "description": "One period and any of the others, with commas; at most one division of the country." },
              { "name": "from", "in": "query", "schema": { "$ref": "#/components/schemas/DayOrPeriod" } },
              { "name": "to", "in": "query", "schema": { "$ref": "#/components/schemas/DayOrPeriod" } },
              { "name": "institution", "in": "query", "schema": { "$ref": "#/components/schemas/InstitutionCode" } },
              { "name": "region", "in": "query", "schema": { "$ref": "#/components/schemas/Region" } },
              { "name": "level", "in": "query", "style": "form", "explode": false,
                "schema": { "type": "array", "minItems": 1, "items": { "type": "string", "enum": ["三级", "二级", "一级", "未定级"] } } },
              { "name": "version", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000000 } },
              { "name": "asOf", "in": "query", "schema": { "$ref": "#/components/schemas/DayOrInstant" } },
              { "name": "compareTo", "in": "query", "schema": { "$ref": "#/components/schemas/DayOrInstant" } },
              { "name": "compareVersion", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000000 }, "description": "Only with compareTo." },
              { "name": "lang", "in": "query", "schema": { "type": "string", "enum": ["zh", "en"] }, "description": "The language of the CSV." },
              { "name": "published", "in": "query", "schema": { "type": "string", "enum": ["yes"] },
                "description": "Outside of the own scope: by=week, region and one dimension, as of the last weekly snapshot." },
              { "name": "format", "in": "query", "schema": { "type": "string", "enum": ["json", "csv"] } }
            ],
            "responses": {
              "200": { "description": "The figures.", "content": {
                "application/json": { "schema": { "anyOf": [ { "$ref": "#/components/schemas/Figures" }, { "$ref": "#/components/schemas/Comparison" } ] } },
                "text/csv": { "schema": { "type": "string" } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/zero-reports": {
          "post": {
            "operationId": "reportZero",
            "summary": "Say that there were no cases on a day. 零报告",
            "description": "For an account of an institution that owes the program a report for the day. Recorded as a submission of its own, accepted at once, with a signed receipt.",
            "parameters": [
              { "$ref": "#/components/parameters/IdempotencyKey" },
              { "name": "X-Form-Token", "in": "header", "schema": { "type": "string" },
                "description": "Only with a session: the token of its forms." }
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
              "type": "object", "required": ["program", "day"], "additionalProperties": false,
              "properties": { "program": { "$ref": "#/components/schemas/ProgramID" }, "day": { "type": "string", "format": "date" } } } } } },
            "responses": {
              "201": { "description": "Recorded.", "headers": { "Location": { "schema": { "type": "string" } } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "200": { "description": "It repeats an earlier request.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "409": { "$ref": "#/components/responses/Problem" },
              "422": { "$ref": "#/components/responses/Unprocessable" },
              "507": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}": {
          "get": {
            "operationId": "submission",
            "summary": "What became of a submission. 查询上报状态",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "responses": {
              "200": { "description": "Its state, and the counts of every file when it is through.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/findings": {
          "get": {
            "operationId": "findings",
            "summary": "Everything that is wrong in it. 核验问题",
            "parameters": [
              { "$ref": "#/components/parameters/id" },
              { "name": "format", "in": "query", "schema": { "type": "string", "enum": ["json", "csv"], "default": "json" } },
              { "name": "file", "in": "query", "schema": { "$ref": "#/components/schemas/FileName" } },
              { "name": "severity", "in": "query", "schema": { "type": "string", "enum": ["error", "warning"] } },
              { "name": "field", "in": "query", "schema": { "type": "string", "pattern": "^[A-Za-z0-9_]+$" }, "example": "P7506" },
              { "name": "rule", "in": "query", "schema": { "type": "string", "pattern": "^[^\\x00-\\x1f]+$" } },
              { "name": "code", "in": "query", "schema": { "type": "string", "pattern": "^[a-z-]+$" }, "example": "type-error" },
              { "name": "q", "in": "query", "schema": { "type": "string", "pattern": "^[^\\x00-\\x1f]+$" }, "description": "A text in the message, the title, the value or what was expected, in either language." },
              { "name": "cause", "in": "query", "schema": { "type": "string", "pattern": "^[0-9a-f]{16}$" }, "description": "Those of one cause, named as a group names it." },
              { "name": "grouped", "in": "query", "schema": { "type": "boolean", "default": false },
                "description": "Only as JSON: one entry for each cause, errors first, then most findings first." },
              { "name": "lang", "in": "query", "schema": { "type": "string", "enum": ["zh", "en"] }, "description": "The language of the CSV." }
            ],
            "responses": {
              "200": { "description": "Every finding, in reading order; or every cause.",
                "content": {
                  "application/json": { "schema": { "anyOf": [
                    { "type": "array", "items": { "$ref": "#/components/schemas/Finding" } },
                    { "type": "array", "items": { "$ref": "#/components/schemas/Cause" } } ] } },
                  "text/csv": { "schema": { "type": "string" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/submissions/{id}/corrections.zip": {
          "get": {
            "operationId": "correctionBundle",
            "summary": "The rejected rows of all files as one zip, to be corrected and sent as it is. 全部退回行",
            "description": "A form for each file with rejected rows, as under corrections. Only for the institution that sent it; who takes it is noted.",
            "parameters": [
              { "$ref": "#/components/parameters/id" },
              { "name": "lang", "in": "query", "schema": { "type": "string", "enum": ["zh", "en"] }, "description": "The language of the findings." }
            ],
            "responses": {
              "200": { "description": "The zip.", "content": { "application/zip": { "schema": { "type": "string", "format": "binary" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/corrections": {
          "get": {
            "operationId": "corrections",
            "summary": "The rejected rows of a file, to be corrected and sent as they are. 退回行",
            "description": "A line that says how to open it, then vedette_row, vedette_cells and vedette_findings and all columns as they came. The line and the three columns are passed over when the file comes back. Only for the institution that sent it; who takes it is noted.",
            "parameters": [
              { "$ref": "#/components/parameters/id" },
              { "name": "file", "in": "query", "schema": { "$ref": "#/components/schemas/FileName" }, "description": "The file's name in the package; may be left out where only one has rejected rows." },
              { "name": "lang", "in": "query", "schema": { "type": "string", "enum": ["zh", "en"] }, "description": "The language of the findings." }
            ],
            "responses": {
              "200": { "description": "UTF-8 with a byte-order mark, CRLF.", "content": { "text/csv": { "schema": { "type": "string" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/receipt": {
          "get": {
            "operationId": "receipt",
            "summary": "The signed receipt. 签名回执",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "responses": {
              "200": { "description": "The latest receipt, signed with SM2, to be kept as it is.", "content": { "application/json": { "schema": { "type": "object" } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/changes": {
          "get": {
            "operationId": "changes",
            "summary": "Which records it made new, changed or withdrew, and which vanished from it. 入库变化",
            "parameters": [
              { "$ref": "#/components/parameters/id" },
              { "name": "offset", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": 2147483647, "default": 0 }, "description": "How many are passed over." },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 } },
              { "name": "asOf", "in": "query", "schema": { "type": "string", "format": "date-time" }, "description": "As it was known at that instant." }
            ],
            "responses": {
              "200": { "description": "The counts of each file, and a page of the records.",
                "headers": { "Link": { "$ref": "#/components/headers/Link" } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Changes" } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/withdraw": {
          "post": {
            "operationId": "withdraw",
            "summary": "Takes a submission back; for the institution that sent it. 撤回",
            "description": "Every record that it brought or changed last returns to the version before. Nothing is erased. Once more changes nothing.",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
              "type": "object", "required": ["reason"], "properties": { "reason": { "type": "string", "minLength": 1, "maxLength": 500, "pattern": "\\S" } } } } } },
            "responses": {
              "200": { "description": "The submission, with what it undid in `withdrawal`.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/notices": {
          "get": {
            "operationId": "notices",
            "summary": "Messages and what became of them, the latest first; for national and platform accounts. 通知",
            "parameters": [
              { "name": "state", "in": "query", "schema": { "type": "string", "enum": ["waiting", "sending", "unsure", "sent", "failed", "held", "expired", "all"] },
                "description": "Without it: what failed, is held, or is tried again after something went wrong." },
              { "name": "institution", "in": "query", "schema": { "$ref": "#/components/schemas/InstitutionCode" }, "description": "The one that it is about." },
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The first day of the notices, in the server's time zone." },
              { "name": "to", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The last one." },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 } },
              { "name": "after", "in": "query", "schema": { "type": "string", "pattern": "^[0-9]{1,15}-[0-9A-Za-z_.:-]+$" }, "description": "`next` of the page before." }
            ],
            "responses": {
              "200": { "description": "One page.",
                "headers": { "Link": { "$ref": "#/components/headers/Link" } },
                "content": { "application/json": { "schema": { "type": "object", "required": ["items", "total", "next"], "properties": {
                  "items": { "type": "array", "items": { "type": "object" } }, "total": { "type": "integer", "description": "Over all pages." },
                  "next": { "type": ["string", "null"] } } } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" }
            }
          }
        },
        "/api/v1/notices/{id}/send-again": {
          "post": {
            "operationId": "sendNoticeAgain",
            "summary": "Has a message that failed or is held sent again. 重发",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "responses": {
              "204": { "description": "It waits for its turn." },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/notices/{id}/dismiss": {
          "post": {
            "operationId": "dismissNotice",
            "summary": "Leaves a message that failed or is held alone. 忽略",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "responses": {
              "204": { "description": "It is not sent." },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/submissions/{id}/retry": {
          "post": {
            "operationId": "retry",
            "summary": "Has a submission processed again; for national and platform accounts. 重新处理",
            "parameters": [ { "$ref": "#/components/parameters/id" } ],
            "responses": {
              "202": { "description": "It waits for its turn again.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/receipt-key.pem": {
          "get": { "operationId": "receiptKey", "summary": "The public key that verifies receipts.", "security": [],
            "responses": { "200": { "description": "An SM2 key as PEM.", "content": { "application/x-pem-file": { "schema": { "type": "string" } } } } } }
        },
        "/api/v1/dictionaries/{category}": {
          "post": {
            "operationId": "uploadCodes",
            "summary": "Keep a table of the institution's codes. 上传编码文件",
            "description": "A csv, xls or xlsx file, or a zip of one. The header is recognised by its labels: our template's, the national tables', and common ones. For accounts of institutions. What a spreadsheet has damaged is an error, and nothing is kept then.",
            "parameters": [
              { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" },
              { "name": "filename", "in": "query", "schema": { "type": "string", "minLength": 1 }, "example": "codes.xlsx",
                "description": "The file's name; needed unless the body is multipart or application/zip." },
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The first day on which the codes are used; needed." },
              { "name": "to", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The last one; needed. No other table of the category may be in use on these days." },
              { "name": "X-Form-Token", "in": "header", "schema": { "type": "string" },
                "description": "Only with a session: the token of its forms." }
            ],
            "requestBody": {
              "required": true,
              "content": {
                "application/zip": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "text/csv": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "application/octet-stream": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "multipart/form-data": {
                  "schema": { "type": "object", "required": ["file"], "additionalProperties": false, "properties": { "file": { "type": "string", "format": "binary" } } }
                }
              }
            },
            "responses": {
              "201": { "description": "Kept; `warnings` says what to look at.", "headers": { "Location": { "schema": { "type": "string" } } },
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CodeTable" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "415": { "$ref": "#/components/responses/Problem" },
              "422": { "$ref": "#/components/responses/Unprocessable" },
              "507": { "$ref": "#/components/responses/Problem" }
            }
          },
          "get": {
            "operationId": "codeTables",
            "summary": "The institution's tables of a category. 编码文件列表",
            "parameters": [ { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" } ],
            "responses": {
              "200": { "description": "Those in use by first day, the days between them on which none is, and those that were removed.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["items", "total", "removed", "gaps"],
                "properties": {
                  "items": { "type": "array", "items": { "$ref": "#/components/schemas/CodeTable" } }, "total": { "type": "integer" },
                  "removed": { "type": "array", "items": { "$ref": "#/components/schemas/CodeTable" } },
                  "gaps": { "type": "array", "items": { "type": "object", "required": ["from", "to"],
                    "properties": { "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" } } } } } } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/dictionaries/{category}/{id}": {
          "delete": {
            "operationId": "removeCodes",
            "summary": "Take a table of codes out of use; it stays among `removed` with the reason. 删除编码文件",
            "parameters": [
              { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" },
              { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9A-Z]{26}$" }, "example": "01KB6Z3N5V8QW2XJ4T7RYM0C9D" },
              { "name": "reason", "in": "query", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\x00-\\x20]+$" }, "example": "wrong period",
                "description": "A body {\"reason\": \"…\"} is taken in its place." },
              { "name": "X-Form-Token", "in": "header", "schema": { "type": "string" },
                "description": "Only with a session: the token of its forms." }
            ],
            "responses": {
              "200": { "description": "It is out of use.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CodeTable" } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
        "/api/v1/institution-codes/{code}": {
          "get": { "operationId": "institutionCode", "security": [],
            "summary": "What an institution's code says, and what is wrong with it. 解读机构代码",
            "description": "Nothing is looked up: the answer follows from the code alone. Full width, lower case, blanks and hyphens do not matter, and no length is wrong by itself.",
            "parameters": [
              { "name": "code", "in": "path", "required": true, "schema": { "type": "string" }, "example": "91350100M000100Y43" } ],
            "responses": {
              "200": { "description": "Its parts and findings.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/CodeExplanation" } } } },
              "422": { "$ref": "#/components/responses/Unprocessable" } } }
        },
        "/healthz": {
          "get": { "operationId": "health", "summary": "Whether the process answers.", "security": [],
            "responses": { "200": { "description": "It does." } } }
        },
        "/readyz": {
          "get": { "operationId": "readiness", "summary": "Whether reports are taken.", "security": [],
            "responses": { "200": { "description": "They are." }, "503": { "$ref": "#/components/responses/Problem" } } }
        },
        "/metrics": {
          "get": { "operationId": "metrics", "summary": "Measures for Prometheus.", "security": [],
            "responses": { "200": { "description": "Text format 0.0.4.", "content": { "text/plain": { "schema": { "type": "string" } } } } } }
        },
        "/openapi.json": {
          "get": { "operationId": "description", "summary": "This description.", "security": [],
            "responses": { "200": { "description": "OpenAPI 3.1.", "content": { "application/json": { "schema": { "type": "object" } } } } } }
        }
      },
      "components": {
        "securitySchemes": {
          "basic": { "type": "http", "scheme": "basic" },
          "bearer": { "type": "http", "scheme": "bearer" },
          "session": { "type": "apiKey", "in": "cookie", "name": "vedette_session" }
        },
        "parameters": {
          "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" }, "example": "01J9Z3N8Q4V6W2X5Y7A0B1C2D3" },
          "IdempotencyKey": { "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" }, "example": "H001-influenza-2026-11-29",
            "description": "The client's own name for this request: sent again with the same key, it is answered with the first one's submission and 200; with other bytes, with 409." }
        },
        "headers": {
          "Link": { "description": "The next page, where there is one: `</api/v1/…>; rel=\"next\"` (RFC 8288).", "schema": { "type": "string" } },
          "RetryAfter": { "description": "After so many seconds the request can be sent again.", "schema": { "type": "integer" } }
        },
        "responses": {
          "BadRequest": {
            "description": "A parameter, a value of one, or a body that this description does not list.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unauthorized": {
            "description": "No credentials, or wrong ones.",
            "headers": { "WWW-Authenticate": { "schema": { "type": "string" } } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Forbidden": {
            "description": "The account may not do or see this.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unprocessable": {
            "description": "Every value is a known one, but together, or with what is stored, they cannot be answered.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "TooManyRequests": {
            "description": "Wrong passwords before, or too many uploads at once.",
            "headers": { "Retry-After": { "$ref": "#/components/headers/RetryAfter" } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Unavailable": {
            "description": "The server is stopping, or its storage does not answer.",
            "headers": { "Retry-After": { "$ref": "#/components/headers/RetryAfter" } },
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          },
          "Problem": {
            "description": "What is wrong and what would put it right (RFC 9457).",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
          }
        },
        "schemas": {
          "CodeExplanation": {
            "type": "object",
            "required": ["code", "shape", "kind", "summary", "isPlausible", "organizationCode", "region", "regionName", "category", "categoryTitle", "economicType", "managementClass", "managementClassTitle", "authority", "findings"],
            "properties": {
              "code": { "type": "string", "description": "Upper case, without blanks and hyphens." },
              "shape": { "type": "string", "enum": ["ws218", "uscc", "organization", "other"] },
              "kind": { "$ref": "#/components/schemas/Text" },
              "summary": { "$ref": "#/components/schemas/Text" },
              "isPlausible": { "type": "boolean", "description": "No finding is an error." },
              "organizationCode": { "type": ["string", "null"] },
              "region": { "type": ["string", "null"] },
              "regionName": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "category": { "type": ["string", "null"] },
              "categoryTitle": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "economicType": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "managementClass": { "type": ["string", "null"], "enum": ["1", "2", "9", null] },
              "managementClassTitle": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "authority": { "oneOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ] },
              "findings": { "type": "array", "items": { "type": "object",
                "required": ["code", "severity", "position", "expected", "message"],
                "properties": {
                  "code": { "type": "string" },
                  "severity": { "type": "string", "enum": ["error", "warning"] },
                  "position": { "type": ["integer", "null"], "description": "From 1, in the code as it is given back." },
                  "expected": { "type": ["string", "null"], "description": "The character that belongs there." },
                  "message": { "$ref": "#/components/schemas/Text" } } } }
            }
          },
          "ProgramID": { "type": "string", "description": "A program of this server.", "enum": [] },
          "Split": { "type": "string", "description": "A period, a division of the country, the level of institutions, or a dimension of a program.",
            "enum": ["day", "week", "month", "season", "year", "region", "province", "prefecture", "county", "zone", "institution", "level"] },
          "InstitutionCode": { "type": "string", "description": "An institution's code.", "pattern": "^[0-9A-Za-z-]{1,40}$" },
          "Region": { "type": "string", "description": "A province, prefecture or county by 2, 4 or 6 digits of GB/T 2260.",
            "pattern": "^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|81|82)([0-9]{2}){0,2}$" },
          "SubmissionID": { "type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$" },
          "FileName": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" },
          "DayOrPeriod": { "type": "string", "description": "A day, 2026-11-29; a week, month or year stands for its first or last day: 2026-W40, 2026-11, 2026.",
            "pattern": "^20[0-9]{2}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|-W[0-5][0-9](/20[0-9]{2}-W[0-5][0-9])?|-(0[1-9]|1[0-2]))?$" },
          "DayOrInstant": { "type": "string", "description": "An instant with its zone; a day alone is its end.",
            "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+ -][0-2][0-9]:[0-5][0-9]))?$" },
          "State": { "type": "string", "enum": ["received", "processing", "accepted", "partly-accepted", "rejected", "failed"] },
          "Text": { "type": "object", "required": ["zh", "en"], "properties": { "zh": { "type": "string" }, "en": { "type": "string" } } },
          "Figures": {
            "type": "object", "required": ["id", "version", "asOf", "rows"],
            "properties": {
              "id": { "type": "string" }, "version": { "type": "integer" }, "asOf": { "type": "string", "format": "date-time" },
              "rows": { "type": "array", "items": { "type": "object",
                "required": ["period", "value", "numerator", "denominator", "lower", "upper", "status"],
                "properties": {
                  "period": { "type": "string" }, "value": { "type": ["number", "null"] },
                  "numerator": { "type": ["number", "null"] }, "denominator": { "type": ["number", "null"] },
                  "lower": { "type": ["number", "null"] }, "upper": { "type": ["number", "null"] },
                  "status": { "enum": ["final", "provisional", "suppressed", "missing", "too-few"] } } } }
            }
          },
          "Comparison": { "type": "object", "required": ["before", "after", "parts"] },
          "CodeTable": {
            "type": "object", "required": ["id", "category", "rows", "from", "to", "receivedAt", "receivedBy"],
            "properties": {
              "id": { "type": "string" }, "category": { "type": "string" }, "rows": { "type": "integer" },
              "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" },
              "receivedAt": { "type": "string", "format": "date-time" }, "receivedBy": { "type": "string" },
              "removed": { "type": "object", "required": ["at", "by", "reason"],
                "properties": { "at": { "type": "string", "format": "date-time" }, "by": { "type": "string" }, "reason": { "type": "string" } } },
              "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Text" } }
            }
          },
          "Obligations": {
            "type": "object", "required": ["items", "total", "next"],
            "properties": {
              "total": { "type": ["integer", "null"], "description": "Over all pages, where one day or one institution is asked for; else null." },
              "items": { "type": "array", "items": { "$ref": "#/components/schemas/Obligation" } },
              "next": { "type": ["string", "null"], "description": "For `after` of the next page." },
              "unjudged": { "type": "array", "items": { "$ref": "#/components/schemas/Text" },
                "description": "What could not be judged, and why; the first 100." }
            }
          },
          "Obligation": {
            "type": "object",
            "required": ["institution", "program", "kind", "period", "dueAt", "timeZone", "state", "receivedAt", "pending", "rules"],
            "properties": {
              "institution": { "type": "string" },
              "program": { "type": "string" },
              "kind": { "enum": ["first-report", "daily", "working-days", "weekly", "monthly", "once"] },
              "id": { "type": ["string", "null"], "description": "Of a rule that has one." },
              "period": { "type": "object", "required": ["from", "to"], "description": "The first and the last day that the report covers.",
                "properties": { "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" } } },
              "dueAt": { "type": "string", "format": "date-time", "description": "At or before it a report is in time." },
              "timeZone": { "type": "string" },
              "state": { "enum": ["upcoming", "due", "in-time", "late", "missing", "exempt"] },
              "receivedAt": { "type": ["string", "null"], "format": "date-time", "description": "When what decided the state was received." },
              "pending": { "type": "boolean", "description": "Something that came in time has not been processed yet: its outcome will decide." },
              "rules": { "type": "array", "description": "Every rule and fact that led to the state, in the order in which they were applied.",
                "items": { "type": "object", "required": ["kind", "text"],
                  "properties": { "kind": { "type": "string" }, "text": { "$ref": "#/components/schemas/Text" },
                    "source": { "type": "string" }, "place": { "type": "string" }, "setOn": { "type": "string", "format": "date" },
                    "retroactive": { "type": "boolean" } } } }
            }
          },
          "SubmissionPage": {
            "type": "object", "required": ["submissions", "total", "next"],
            "properties": {
              "submissions": { "type": "array", "items": { "$ref": "#/components/schemas/Submission" } },
              "total": { "type": "integer", "description": "Over all pages." },
              "next": { "type": ["string", "null"], "description": "For `before` of the next page." }
            }
          },
          "Submissions": {
            "type": "object", "required": ["submissions"],
            "properties": { "submissions": { "type": "array", "items": { "$ref": "#/components/schemas/Submission" } } }
          },
          "Submission": {
            "type": "object",
            "required": ["id", "state", "receivedAt", "institution", "fileName", "size", "sm3", "rows", "accepted", "rejected", "errors", "warnings", "files"],
            "properties": {
              "id": { "type": "string" },
              "state": { "$ref": "#/components/schemas/State" },
              "receivedAt": { "type": "string", "format": "date-time", "description": "When its last byte was durable." },
              "finishedAt": { "type": ["string", "null"], "format": "date-time" },
              "institution": { "type": "string" },
              "fileName": { "type": "string" },
              "size": { "type": "integer" },
              "sm3": { "type": "string", "description": "SM3 of the bytes, 64 hexadecimal digits." },
              "rows": { "type": "integer", "description": "数据包记录总数" },
              "accepted": { "type": "integer", "description": "接口达标数" },
              "rejected": { "type": "integer" },
              "errors": { "type": "integer" },
              "warnings": { "type": "integer" },
              "files": { "type": "array", "items": { "$ref": "#/components/schemas/File" } },
              "reason": { "anyOf": [ { "$ref": "#/components/schemas/Text" }, { "type": "null" } ], "description": "Why processing failed." },
              "checkedPercent": { "type": ["integer", "null"], "minimum": 0, "maximum": 99,
                "description": "Of one that is being processed, where it is asked for alone: how much of its bytes has been checked." },
              "alreadyReceived": { "type": "boolean", "description": "In the answer to an upload: the same bytes had been received before." },
              "message": { "$ref": "#/components/schemas/Text", "description": "In the answer to an upload: what happens now." },
              "contents": { "type": "array", "description": "Of a package that came as several tables, each with its own size and digest.",
                "items": { "type": "object", "required": ["name", "size", "sm3"],
                  "properties": { "name": { "type": "string" }, "size": { "type": "integer" }, "sm3": { "type": "string" } } } },
              "records": { "type": ["object", "null"], "description": "What the rows that stand came to in the store.",
                "properties": { "added": { "type": "integer" }, "changed": { "type": "integer" }, "unchanged": { "type": "integer" },
                  "withdrawn": { "type": "integer" } } },
              "acknowledgement": { "type": ["object", "null"], "description": "That its institution has looked at the warnings.",
                "properties": { "at": { "type": "string", "format": "date-time" }, "account": { "type": "string" },
                  "reason": { "type": "string", "description": "For the institution alone." } } },
              "repairs": { "type": ["string", "null"], "description": "The earlier submission whose rejected rows it brings corrected." },
              "repairedBy": { "type": ["string", "null"], "description": "The later submission with which the last of its rejected rows came corrected." },
              "withdrawal": { "type": ["object", "null"], "description": "That its institution has taken it back.",
                "properties": { "at": { "type": "string", "format": "date-time" }, "reason": { "type": "string", "description": "For the institution alone." },
                  "returned": { "type": ["integer", "null"], "description": "Records that are as they were before." },
                  "removed": { "type": ["integer", "null"], "description": "Records that are no longer there." } } },
              "waiting": { "type": "array", "description": "Rows that are checked again by themselves when a parent of theirs is reported.",
                "items": { "type": "object", "required": ["program", "fileType", "rows", "parents", "until"],
                  "properties": { "program": { "type": "string" }, "fileType": { "type": "string" }, "rows": { "type": "integer" },
                    "parents": { "type": "array", "items": { "type": "string" } }, "until": { "type": "string", "format": "date-time" } } } }
            }
          },
          "FileChanges": {
            "type": "object",
            "required": ["file", "new", "changed", "unchanged", "withdrawn", "vanished"],
            "properties": {
              "file": { "type": "string" },
              "program": { "type": ["string", "null"] },
              "fileType": { "type": ["string", "null"] },
              "new": { "type": "integer" },
              "changed": { "type": "integer" },
              "unchanged": { "type": "integer" },
              "withdrawn": { "type": "integer", "description": "Records that rows with `withdraw` in `_action` withdraw." },
              "vanished": { "type": "integer", "description": "Stored records of the days that the program's packages cover that are not in this one. They stay stored." }
            }
          },
          "Change": {
            "type": "object",
            "required": ["file", "key", "change", "fields"],
            "properties": {
              "file": { "type": "string" },
              "key": { "type": ["object", "null"], "description": "The record's primary key, masked where it may identify a patient; null where that version is no longer kept." },
              "change": { "enum": ["new", "changed", "withdrawn", "vanished"] },
              "fields": { "type": ["array", "null"], "items": { "type": "string" }, "description": "Of a changed record the fields that differ." }
            }
          },
          "Changes": {
            "type": "object",
            "required": ["id", "files", "total", "changes", "next"],
            "properties": {
              "id": { "type": "string" },
              "files": { "type": "array", "items": { "$ref": "#/components/schemas/FileChanges" } },
              "total": { "type": "integer", "description": "How many records are listed over all pages." },
              "changes": { "type": "array", "items": { "$ref": "#/components/schemas/Change" } },
              "next": { "type": ["integer", "null"], "description": "The offset of the next page." }
            }
          },
          "DryRun": {
            "type": "object",
            "required": ["state", "fileName", "files", "changesTotal", "changes", "findingsTotal", "findings"],
            "properties": {
              "state": { "$ref": "#/components/schemas/State" },
              "fileName": { "type": "string" },
              "files": { "type": "array", "items": { "allOf": [
                { "$ref": "#/components/schemas/File" }, { "$ref": "#/components/schemas/FileChanges" } ] } },
              "changesTotal": { "type": "integer" },
              "changes": { "type": "array", "items": { "$ref": "#/components/schemas/Change" }, "description": "The first 1,000." },
              "findingsTotal": { "type": "integer" },
              "findings": { "type": "array", "items": { "$ref": "#/components/schemas/Finding" }, "description": "The first 1,000." }
            }
          },
          "DryRuns": {
            "type": "object", "required": ["packages"],
            "properties": { "packages": { "type": "array", "items": { "$ref": "#/components/schemas/DryRun" } } }
          },
          "File": {
            "type": "object",
            "required": ["file", "name", "rows", "accepted", "rejected", "errors", "warnings"],
            "properties": {
              "file": { "type": "string" },
              "name": { "type": "string", "description": "The same as file." },
              "program": { "type": ["string", "null"] },
              "fileType": { "type": ["string", "null"] },
              "rows": { "type": "integer" },
              "accepted": { "type": "integer" },
              "rejected": { "type": "integer" },
              "errors": { "type": "integer" },
              "warnings": { "type": "integer" }
            }
          },
          "Finding": {
            "type": "object",
            "required": ["file", "severity", "code", "message"],
            "properties": {
              "file": { "type": "string" },
              "program": { "type": "string" },
              "fileType": { "type": "string" },
              "row": { "type": "integer", "description": "As a spreadsheet shows it: the header is row 1." },
              "line": { "type": "integer", "description": "The physical line." },
              "column": { "type": "string", "description": "The column's letter." },
              "field": { "type": "string" },
              "title": { "$ref": "#/components/schemas/Text" },
              "severity": { "enum": ["error", "warning"] },
              "code": { "type": "string" },
              "rule": { "type": "string" },
              "value": { "type": "string", "description": "The cell, masked where it may identify a patient." },
              "expected": { "$ref": "#/components/schemas/Text" },
              "message": { "$ref": "#/components/schemas/Text" }
            }
          },
          "Cause": {
            "description": "A finding's members without row and line, and of how many findings it is the one cause.",
            "allOf": [ { "$ref": "#/components/schemas/Finding" }, {
              "type": "object", "required": ["count", "rows", "values", "cause"],
              "properties": {
                "count": { "type": "integer" },
                "rows": { "type": "array", "items": { "type": "integer" }, "description": "The first of them." },
                "values": { "type": "array", "description": "The different values, most frequent first; at most 100.",
                  "items": { "type": "object", "required": ["value", "count"],
                    "properties": { "value": { "type": "string" }, "count": { "type": "integer" } } } },
                "otherValues": { "type": "integer", "description": "How many findings have a value that is not listed." },
                "cause": { "type": "string", "description": "For ?cause=, which lists all of them." }
              } } ]
          },
          "Problem": {
            "type": "object",
            "required": ["type", "title", "status"],
            "properties": {
              "type": { "type": "string" },
              "title": { "type": "string" },
              "status": { "type": "integer" },
              "detail": { "type": "string" },
              "instance": { "type": "string" },
              "requestId": { "type": "string", "description": "Of a 500: what the log has it under. Every answer has it in X-Request-Id." },
              "zh": { "type": "object" },
              "en": { "type": "object" }
            }
          }
        }
      }
    }
    """#
