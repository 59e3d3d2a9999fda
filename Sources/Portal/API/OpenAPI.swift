/// The API's description, as `/openapi.json` gives it: paths of submissions, duties and figures, then the others, then what they refer to.
let openAPIText = "\(submissionPaths)\n\(peoplePaths)\n\(otherPaths)\n\(openAPIComponents)"

private let submissionPaths: StaticString = #"""
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
              { "$ref": "#/components/parameters/FormToken" }
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
              { "$ref": "#/components/parameters/FormToken" }
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
        "/api/v1/submissions/{id}/corrections.xlsx": {
          "get": {
            "operationId": "correctionWorkbook",
            "summary": "The rejected rows of all files as one workbook, to be corrected and sent as it is. 全部退回行（Excel）",
            "description": "A sheet for each file with rejected rows: all cells text, wrong ones red, codes as drop-down lists. Only for the institution that sent it; who takes it is noted. 409 `rows-unfit` where the rows do not go into a workbook.",
            "parameters": [
              { "$ref": "#/components/parameters/id" },
              { "name": "lang", "in": "query", "schema": { "type": "string", "enum": ["zh", "en"] }, "description": "The language of the findings." }
            ],
            "responses": {
              "200": { "description": "The workbook.", "content": { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { "schema": { "type": "string", "format": "binary" } } } },
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
              "type": "object", "required": ["reason"], "properties": { "reason": { "type": "string", "minLength": 1, "maxLength": 500, "pattern": "^[^\\x00]*[^\\s\\x00][^\\x00]*$" } } } } } },
            "responses": {
              "200": { "description": "The submission, with what it undid in `withdrawal`.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Submission" } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "409": { "$ref": "#/components/responses/Problem" }
            }
          }
        },
    """#
