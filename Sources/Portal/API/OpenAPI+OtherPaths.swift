/// Of the API's description the paths of notices, codes, and of the server itself.
let otherPaths: StaticString = #"""
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
        "/api/v1/dictionaries": {
          "get": {
            "operationId": "codeCategories",
            "summary": "The categories of codes with what the institution has of each today. 编码类别及状态",
            "responses": {
              "200": { "description": "All categories of all programs.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["items", "total"],
                "properties": {
                  "total": { "type": "integer" },
                  "items": { "type": "array", "items": {
                    "type": "object", "required": ["category", "title", "state", "tables", "gaps"],
                    "properties": {
                      "category": { "type": "string" }, "title": { "$ref": "#/components/schemas/Text" },
                      "state": { "type": "string", "enum": ["current", "not-current", "none"] },
                      "tables": { "type": "integer" }, "current": { "$ref": "#/components/schemas/CodeTable" },
                      "gaps": { "type": "array", "items": { "type": "object", "required": ["from", "to"],
                        "properties": { "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" } } } } } } } } } } } }
            }
          }
        },
        "/api/v1/dictionaries/{category}": {
          "post": {
            "operationId": "uploadCodes",
            "summary": "Keep a table of the institution's codes. 上传编码文件",
            "description": "A csv, xls or xlsx file, or a zip of one. The header is recognised by its labels: our template's, the national tables', and common ones. For accounts of institutions. What a spreadsheet has damaged is an error, and nothing is kept then.",
            "parameters": [
              { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" },
              { "name": "filename", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "example": "codes.xlsx",
                "description": "The file's name; needed unless the body is multipart or application/zip." },
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The first day on which the codes are used; needed." },
              { "name": "to", "in": "query", "schema": { "type": "string", "format": "date" }, "description": "The last one; needed. No other table of the category may be in use on these days." },
              { "name": "dryRun", "in": "query", "schema": { "type": "string", "enum": ["true", "false"], "default": "false" }, "description": "Nothing is kept; the answer is 200 with `impact`." },
              { "name": "codeColumn", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "example": "院内代码", "description": "The label of the column with the codes, where it is none that is recognised. Remembered for the institution's next files." },
              { "name": "nameColumn", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "description": "The same for the names." },
              { "name": "nationalCodeColumn", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "description": "The same for the national codes." },
              { "name": "nationalNameColumn", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "description": "The same for the national names." },
              { "$ref": "#/components/parameters/FormToken" }
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
              "200": { "description": "Of `dryRun=true`: what it would change in the stored rows of the last 30 days.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["rows", "warnings", "impact"],
                "properties": { "rows": { "type": "integer" }, "warnings": { "type": "array", "items": { "$ref": "#/components/schemas/Text" } },
                  "impact": { "type": "object", "required": ["from", "to", "rows", "cleared", "warned", "missing", "unmapped"],
                    "properties": {
                      "from": { "type": "string", "format": "date" }, "to": { "type": "string", "format": "date" }, "rows": { "type": "integer" }, "cleared": { "type": "integer" }, "warned": { "type": "integer" },
                      "rejected": { "type": "integer", "description": "Of these, rows of which something is found that the program takes for an error: they stay stored, and are rejected when they are sent again." },
                      "missing": { "type": "array", "items": { "type": "object", "required": ["code", "rows"], "properties": { "code": { "type": "string" }, "rows": { "type": "integer" } } } },
                      "unmapped": { "type": "array", "items": { "type": "object", "required": ["code", "rows"], "properties": { "code": { "type": "string" }, "rows": { "type": "integer" } } } } } } } } } } },
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
        "/api/v1/dictionaries/{category}/mapping": {
          "get": {
            "operationId": "unmappedCodes",
            "summary": "The codes of today's table that stand for no national code, with candidates. 未对照的编码",
            "parameters": [
              { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" },
              { "name": "offset", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": 1000000 } },
              { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200, "default": 50 } }
            ],
            "responses": {
              "200": { "description": "As far as there is a national list and a table.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["state", "items", "total", "mapped"],
                "properties": {
                  "state": { "type": "string", "enum": ["listed", "no-table", "no-national-list"] },
                  "total": { "type": "integer" }, "mapped": { "type": "integer" },
                  "items": { "type": "array", "items": { "type": "object", "required": ["code", "name", "candidates"],
                    "properties": { "code": { "type": "string" }, "name": { "type": "string" },
                      "candidates": { "type": "array", "items": { "type": "object", "required": ["code", "name", "percent", "chosenBy"],
                        "properties": { "code": { "type": "string" }, "name": { "type": "string" }, "percent": { "type": "integer" }, "chosenBy": { "type": "integer" } } } } } } } } } } } },
              "404": { "$ref": "#/components/responses/Problem" }
            }
          },
          "post": {
            "operationId": "mapCodes",
            "summary": "Say which national codes the institution's codes stand for. 提交对照",
            "description": "A csv, xls or xlsx file with the columns 本院编码, 本院名称 and 国家临床版编码; rows without a national code stay as they are.",
            "parameters": [
              { "name": "category", "in": "path", "required": true, "schema": { "type": "string" }, "example": "icd-diagnosis" },
              { "name": "filename", "in": "query", "schema": { "type": "string", "minLength": 1, "pattern": "^[^\\x00-\\x1f]+$" }, "example": "mapping.csv" },
              { "$ref": "#/components/parameters/FormToken" }
            ],
            "requestBody": {
              "required": true,
              "content": {
                "text/csv": { "schema": { "type": "string", "format": "binary", "minLength": 1 } },
                "application/octet-stream": { "schema": { "type": "string", "format": "binary", "minLength": 1 } }
              }
            },
            "responses": {
              "200": { "description": "What was kept, and what was not and why.", "content": { "application/json": { "schema": {
                "type": "object", "required": ["decided", "faults"],
                "properties": { "decided": { "type": "integer" }, "faults": { "type": "array", "items": { "$ref": "#/components/schemas/Text" } } } } } } },
              "404": { "$ref": "#/components/responses/Problem" },
              "415": { "$ref": "#/components/responses/Problem" },
              "422": { "$ref": "#/components/responses/Unprocessable" }
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
              { "$ref": "#/components/parameters/FormToken" }
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
    """#
