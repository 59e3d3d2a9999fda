// Written by RECORD=1 from docs/, with whose pages a test compares it: the server shows them without the folder.

/// `docs/hospitals.md`.
let guideHelpText: StaticString = ##"""
    # 医院数据管理员指南

    *A guide for hospitals; [English below](#a-guide-for-hospitals).*

    ## 报什么

    | 监测项目 | 文件 | 说明 |
    |---|---|---|
    | 流感病例监测 | `flu_*.csv` `hqms_*.csv` `hda_*.csv` `hdr_*.csv` `pdr_*.csv` `lis_*.csv` | [各文件内容和病例范围](../Surveillance/Influenza/README.md#流感病例监测) |
    | 发热门诊监测 | `fever_*.csv` `drug_*.csv` `lab_*.csv` `examine_*.csv` | [各文件内容](../Surveillance/FeverClinic/README.md#发热门诊监测) |

    - 文件名中第一个 `_` 之前的部分决定文件类型，大小写均可，其余自定：`flu_20261108.csv`、`FLU_第一人民医院_1108.csv`。
    - 可以直接上报 `.csv`，也可以把一个或多个 CSV 打包成一个 `.zip`。也接收 Excel 工作簿（`.xlsx`、`.xls`），见[用 Excel 工作簿上报](#用-excel-工作簿上报)。单次上传不超过 20 MB。
    - **互相关联的文件一起上报**：如病例和它的检验、用药。在上传页面一起选择的表格合为一个数据包，也可以放在同一个 zip 里。病例已经上报过的，检验结果以后单独补报也可以。
    - 子记录先到、所属的记录后到也没有关系：子记录暂不接收，所属的记录在保存期（30 日）内上报后，系统自动重新核验，不必重报。
    - 一个 zip 里可以同时有两个项目的文件，各按各的标准核验。
    - 每天的数据包含近 7 日的记录。重复上报没有问题：同一条记录按记录标识覆盖，没有变化的不受影响。以最后一次上报的内容为准。
    - 同一数据包中两个同类文件（如 `fever_1.csv` 和 `fever_2.csv`）不要有同一条记录：内容不同时两行都会退回。

    ## 怎样报

    1. 用平台管理员提供的账号登录网页，把文件拖到上传页面；或由程序[通过接口上报](api.md)，菜单“资料下载”有现成的参考程序。
    2. 上传完成即得到回执，此时数据已经安全保存，可以关闭页面。上传页面的每一行会一直显示到处理结果；网络中断或登录过期时文件保留在页面上，可以重试。每次上报都有自己的回执，可打印成一页 A4，上有校验码和二维码。
    3. 片刻之后，“上报记录”里会显示每个文件的数据包记录总数、接口达标数。打开一次上报，先看到“先改这些”：哪个字段、什么问题、有多少行、前几处在哪里；因所属记录被退回的行合为一句话；警告不影响入库，折叠显示，看过后可以填写说明确认。
       回执、问题清单（可按文件、字段、规则、级别、代码、文字筛选，地址可收藏）和原始文件在页面上方。
    4. 在原系统中改正，重新导出，再次上报即可。不必只报改正的行；也可以[只改退回的行](#只改退回的行)。

    **账号。** 也可以用账号登记的手机号码登录；如果密码是管理员设置的，第一次登录时换成自己的密码。不要共用账号：数据管理员在“同事”页为同事开通账号，“仅上报”只能上传和零报告、看结果数量和回执，“仅查看”只能看不能改。系统生成一个设置密码的链接，交给本人，只能使用一次；人员离开时移除账号。

    菜单**资料下载**有公告（首页提示未读条数）、培训视频和课件、各监测项目的接口标准（网页和 PDF），并按监测项目列出现行版本的全部资料：文件模板（CSV、Excel）、字段表和规则、代码表、编码文件模板、示例数据包和指南，可以单独下载，也可以下载一个 zip。

    ## 只改退回的行

    有退回行的上报，页面上方可以下载退回行，两种格式任选：

    - **退回行（Excel）**：一个工作簿 `corrections_<上报编号>.xlsx`，每个有退回行的文件一张工作表（如 `flu_corrections`）。所有单元格都是文本，双击打开也不会损坏内容；有错的单元格标红，代码可以从下拉列表选择，选中单元格时显示该字段的名称和要求。改正后保存，整个工作簿原样上报。
      超过 100 万个单元格或单格超过 32,767 个字符时，请用 CSV。
    - **退回行（CSV）**：一个 `corrections_<上报编号>.zip`，其中每个有退回行的文件各有一个 `flu_corrections_<上报编号>.csv`（文件列表中也可以单独下载）。

    两种格式的内容相同：

    - 第一行是说明（CSV：怎样打开文件而不损坏内容），请保留；第二行是表头。前三列是 `vedette_row`（原文件中的行号）、`vedette_cells`（有错的字段及其在本表中的列）和 `vedette_findings`（该行的全部问题），其后各列与上报时相同。
    - 只有退回的行，包括因所属记录被退回而暂不接收的行、重复的行。只有“所属的 … 记录被退回”的子记录本身不用改。
    - 改正后**原样上报**整个 zip 或工作簿即可，不必改文件名和工作表名，也不必删去第一行和前三列，系统会自动忽略。原文件没有列名的末列不再带上。全部改正并达标后，原来的上报显示“已改正”，并与本次上报互相链接。
    - 双击打开后保存过的 CSV，以及把单元格“转换为数字”的工作簿，会被认出来：整个文件退回，只提示这一个问题，重新下载即可。
    - “与第 n 行的主键相同”的行：确属重复就删去该行，否则它会作为新内容覆盖第 n 行的记录。
    - 缺单元格的行在表中按空补齐，多出的单元格排在最后：请对照 `vedette_findings` 逐格核对再上报。
    - 单元格内容与上报时相同，只有一种例外：以 `=`、`+`、`-`、`@` 开头且不是数字的内容，表格软件会当作公式执行，系统在它前面加一个撇号 `'`。请保留这个撇号，重新上报时系统会自动去掉。Excel 还会改写 CSV 中的长号码和日期：
      打开 CSV 时请用“数据 → 从文本/CSV”，把所有列设为“文本”。
    - 文件里是患者原始信息，用完请删除；下载会记入审计日志。

    不上报也可以得到同样的文件：`vedette check --corrections 目录 package.zip`。

    ## 上报之前先检查

    `vedette check` 不需要服务器，在本机检查，结果与上报后一致：

    ```sh
    vedette check --language zh --institution 本机构代码 package.zip
    ```

    唯一的差别：数据包中找不到所属记录时，离线检查只作提醒，上报后系统会在已上报的数据中查找，并与之比对。

    ## 这些写法都能读

    不必为下面这些修改导出程序：

    | 内容 | 可以是 |
    |---|---|
    | 字符编码 | UTF-8（有无 BOM 均可）、GBK/GB18030、带标记的 UTF-16 |
    | 换行 | CRLF、LF、CR；双引号内可以有换行 |
    | 列 | 顺序随意，列名大小写均可；多出的列忽略，缺少的非必填列只提醒一次 |
    | 空白 | 内容前后的空格、制表符、全角空格自动去掉 |
    | 行尾 | 多一个逗号 |
    | 日期时间 | `2026-03-05 08:01:02` 或 `2026/3/5 8:01:02`；日期和时间之间可以是 `T`、全角空格；秒后可以带 `.0`、`.000`；可以带本地时区 `+08:00`；只填日期的字段可以带 `0:00`、`00:00:00` |
    | 表格软件和导出程序的痕迹 | 号码、代码、记录标识中的撇号、`="001"`、看不见的字符、全角字母数字、`.0`：去掉后读取，每个文件提醒一次 |
    | 压缩包内文件名 | UTF-8 或 GBK |

    ## 常见问题

    | 现象 | 原因 | 改正 |
    |---|---|---|
    | 某行“比表头少单元格”，下一行也出错 | 内容里有换行，没有加双引号 | 导出时给文本加英文双引号 |
    | “比表头多出单元格” | 内容里有英文逗号，没有加双引号 | 同上 |
    | “不在代码表中”，现值为“是”“男” | 填了名称而不是代码 | 填代码，“可能是”一栏给出对应的代码 |
    | 诊疗科目的警告 | 填了科室名称或院内代码 | 填 RC023 代码；只作提醒，不影响接收 |
    | 身份证号码有误 | 校验码不对、位数不是 18 或 15、含空格 | 与证件核对；确实没有的填“-” |
    | “找不到所属的 … 记录” | 病例没有一起上报，或就诊卡号、就诊时间写法不同 | 放进同一个 zip；两个文件的关联字段取同一来源 |
    | “所属的 … 记录被退回” | 病例本身有错误 | 改正病例，一并重报；子记录本身没有问题 |
    | “不是上报机构的代码” | P900 与登记的机构代码不一致 | 每行填登记的代码，不加空格 |
    | “与第 n 行的主键相同” | 同一条记录导出了两次 | 每条记录只保留一行 |
    | “有无法识别的字符” | 多种编码混在一个文件里，或按字节截断了汉字 | 全文件用一种编码，按字符截断 |
    | “只接收 zip、CSV 或 Excel 文件” | 上传了文档、图片等 | 从系统导出 CSV 或 Excel 工作簿 |
    | “工作簿设了打开密码”“工作簿已损坏” | 文件加密或没有写完 | 取消密码，用 Excel 打开核对后重新保存 |
    | “压缩包里又有压缩包” | zip 套 zip | 把 CSV 直接放进一个 zip |

    ## 用 Excel 工作簿上报

    - 文件名同 CSV，只是以 `.xlsx`（或 Excel 97—2003 的 `.xls`）结尾：`fever_20261108.xlsx`。可以单独上报，也可以放进 zip，与 CSV 混用。问题的行号、列号就是 Excel 显示的行号、列号。
    - **导出程序应把每个单元格写成文本。** 数字单元格只保留 15 位：18 位号码会变成 `1.1E+17`，`01` 变成 `1`，日期可能变成 `46334` 这样的数字。系统会指出这些痕迹；丢掉的数字无法恢复，须重新导出。日期格式的单元格按日期读取。
    - 只读取一张工作表：有内容、没有隐藏、表头是字段代码的那一张。有两张这样的表时整个文件不接收，请拆成两个文件。
    - 公式按保存时的结果读取，不会运行；没有结果的公式（多由程序生成）须先用 Excel 打开并“选择性粘贴 → 数值”。宏和外部链接不会运行或打开。
    - 不要合并单元格：合并后只有左上角一格有内容。
    - 监测项目各文件的页面有 Excel 模板：表头已填好，单元格为文本，代码可从下拉列表选择。编码和字典的模板也有 Excel 版。
    - 退回行可以下载为工作簿，改正后原样上报。

    ## 上传 ICD 编码和字典

    菜单“编码”。选择类别（疾病诊断、手术操作、肿瘤形态学，以及发热门诊的诊断、药品、检查、检验字典），填写使用期限，上传 csv、xls、xlsx 文件或只含一个这样文件的 zip。

    - 国家临床版、医保版的表可以原样上传。本院的表用页面上的模板，或使用“本院编码”“编码”“诊断编码”“本院名称”“名称”等列名；对照到国家临床版的，加“国家临床版编码”“国家临床版名称”两列。
    - 列名无法识别时，页面会列出文件中的列名：指明哪一列是编码、哪一列是名称，重新上传即可。系统会记住，下次同样列名的文件直接接收。
    - 编码列设为“文本”：`00.0100` 会被改成 `0.01`，`J10.100` 会被改成 `J10.1`。变成科学计数法或日期的编码不接收，位数偏少的会提醒。
    - 同一类别的使用期限不能重叠；中间有空档时页面会提醒。删除须写原因，历史记录保留。
    - **先看影响**：启用新编码表之前，页面显示最近 30 天已入库的行中有多少不再提醒、多少新增提醒，以及用得最多的不在表中或没有国家编码的编码；确认后启用。启用或删除编码表、保存对照之后，最近 30 天的上报自动重新核对，无需重新上传（已确认的警告需要重新确认）。
    - **对照国家编码**：平台有国家编码表时，每个类别有“对照国家编码”页面，列出本院编码表中没有对应国家编码的编码，以及按编码、名称、读音相似程度和其他医院的选择排列的候选，逐条选定；也可以下载（Excel、CSV），填写“国家临床版编码”一列后上传。对照会保留，以后上传的编码表同样适用。
    - 上传之后，上报的编码按就诊当日的编码表核对：不在表中、名称不一致、没有对应国家编码的只作提醒，不影响接收（监测项目规定为错误的除外）。没有上传过某类编码表时，上报页面的文件下有一条说明，附上传的入口，不算警告。

    ## 文件被表格软件改写了

    Excel、WPS 打开 CSV 再保存，会去掉时间的秒、把长号码变成 `6.22E+18`、去掉代码的前导零、改写日期，有的无法还原。系统发现几种痕迹同时出现时，会首先指出。改正：

    1. **最好不要打开**，直接上报系统导出的原文件。
    2. 必须打开时：在空白工作簿中用“数据 → 从文本/CSV”（WPS：“数据 → 导入数据”）选择文件，编码选 65001（UTF-8）或 936（GBK），逗号分隔，**把所有列的类型设为“文本”**，再另存为“CSV UTF-8（逗号分隔）”。
    3. 已经另存过的文件，请从原系统重新导出。

    每一类问题的含义和改正方法见[问题及改正方法](findings.md)。

    没有内容就留空，不要写 `NULL`、`\N`、`#N/A`、`1900-01-01` 一类的占位内容。“不详”的写法：必填的文本和代码填 `-`；记录标识、P900、P6891、日期和数值不能填 `-`。

    ## 患者隐私

    上报文件收到即加密保存；入库前去掉姓名、电话、地址，证件号和卡号换成不可还原的代号，出生日期只留年份。问题清单中可能识别患者的内容以 `*` 代替。
    详见[数据保存与隐私](privacy.md)。

    ---

    # A guide for hospitals

    **What to send.** CSV files or Excel workbooks (`.xlsx`, `.xls`), alone or several in a zip, at most 20 MB an upload. The part of a file's name before the first `_` decides what it is
    ([influenza](../Surveillance/Influenza/README.md), [fever clinics](../Surveillance/FeverClinic/README.md)). Files that belong together are chosen together on the upload page, where tables make one package, or go into one
    zip. Children that come before their parent are held and checked again by themselves when it is reported within 30 days. Every day's package repeats the last 7 days; a record that comes again replaces
    itself: what was sent last counts. Two files of one type in a package must not hold one record with different content.

    **Check only** (仅核验), beside the upload button, gives the full verdict and says which records would be new, changed or unchanged, and which have *vanished*: stored for one of the days that the package
    covers and not in it. Nothing is kept. To take a record back, report it once more with `withdraw` in a further column `_action`; all but its key may be empty. A whole submission is withdrawn on its
    page, with a reason: what was stored before comes back.

    **How.** On the upload page, or by a program through the [API](api.md); the menu *Resources* has some that are ready. The receipt comes when every byte is durable; counts and findings a moment later. Every submission has its own receipt, to be printed on one A4 page with a check code. The list begins with whether today is done. The submission's page begins with what to correct
    first: the field, what is wrong, how many rows, and where the first of them are. Rows that only wait for a rejected parent are one line, and warnings, which keep nothing from being stored, are folded; whoever has looked at them acknowledges them with a reason. The receipt, all
    findings (filtered by file, field, rule, severity, code or text) and the file as sent are at the top. Correct in your own system, export, send again.

    **Accounts.** You may also sign in with the mobile number of your account. Replace a password that somebody else has set at your first sign-in. Share no account: on the page *Colleagues* the data manager gives each colleague an account that may only send (upload, report zero, see counts and receipts) or only read (see everything, change
    nothing), by a link that sets the password once, and removes it when somebody leaves.

    **Before.** `vedette check --institution CODE package.zip` says on your own machine what an upload would say.

    **Only the rejected rows.** At the top of the submission's page are two downloads of them. *Rejected rows (Excel)* is one workbook with a sheet for each file: all cells are text, so that opening it damages nothing, wrong cells are red, codes can be chosen from
    lists; save it and upload the workbook as it is. *Rejected rows (CSV)* is a zip with a form for each file. A form's first line says how to deal with it; keep it. Its first columns are `vedette_row` (the row in the
    file as sent), `vedette_cells` (the wrong fields, each with its column in the form) and `vedette_findings` (everything found in the row); behind them are all columns as they came. Correct the cells and upload the zip or the workbook as it is: the line and the three columns are passed over.
    When everything has come corrected, the first submission is shown as corrected, and the two link to each other. A form that was opened by a double click and saved is recognised and rejected with that one finding. Take out a row that stood twice, or it replaces the first. A row that was short is filled up with blanks, and what a row had too much of stands at its end: look at
    each cell of such rows. Cells are as you sent them, but for an apostrophe before those that a spreadsheet would run as a formula (they begin with `=`, `+`, `-` or `@` and are no number); leave it there: it is taken off when the
    file comes back. Open a CSV with all columns as
    text, or a spreadsheet rewrites long numbers and dates. It names patients: delete it when you are done. `vedette check --corrections DIR package.zip` writes the same without a server.

    **Read as it is:** UTF-8, GBK/GB18030, UTF-16 with a mark; any line ends; columns in any order, in upper or lower case; blanks and TABs round cells; one comma too
    many at the end; dates as `2026/3/5`, with `T`, `.000`, `0:00` or `+08:00`; columns of your own; apostrophes, `="001"`, invisible and full-width characters in numbers and codes (one warning a file).

    **Workbooks.** A workbook is named as the CSV would be (`fever_20261108.xlsx`), and rows and columns of its findings are those that Excel shows. Let the export write every cell as text: a number keeps 15 digits, `01` becomes `1`, and a date without its
    format becomes a number. Such marks are told first; lost digits do not come back. One sheet is read: the visible one whose header names the fields. A file with two such sheets is refused. Formulas give the value that was saved; one without a value ends the reading. Macros are not run, links are not
    followed. Of merged cells only the upper left one has content. Rejected rows come back as CSV.

    **Codes and dictionaries** (menu: Codes). Choose the category and the days of use, and upload a csv, xls or xlsx file or a zip of one. The national tables are taken as they are; for your own take the template, or its column names. Set the column of codes to Text: a code
    in scientific notation or turned into a date is not taken, and codes with fewer digits than the others are told. The days of two tables of one category must not overlap; gaps are told. Deleting needs a reason, and the history stays. Reported codes are then checked against the table of their event day: what is not in it, or has another name, is a warning (an error where the program says so). Where there is no table of a category at all, a note stands under the files on the submission's page, with the way to upload one; it is no warning.

    **A spreadsheet has rewritten the file.** Excel and WPS take the seconds from times, turn long numbers into `6.22E+18`, drop leading zeros and rewrite dates; some of it cannot be brought back. Where several such marks stand together, that is
    said first. Send the file as the system exported it. If it must be opened: in an empty workbook, Data → From Text/CSV, comma, **all columns as text**, then save as CSV UTF-8. A file that has been saved already has to be exported again.

    **What goes wrong most often:** line breaks or commas in cells without quotes; names where codes belong; children sent without their parents; a P900 that differs
    from the registered code. [Findings](findings.md) has every kind and how to mend it. "Not known" is `-` in required text and codes, never in keys, dates and
    numbers.

    **Patients' names** do not reach the database; see [privacy](privacy.md).
    """##

/// `docs/findings.md`.
let findingsHelpText: StaticString = ##"""
    # Findings · 问题及改正方法

    A finding says where, what and what was expected, to the person who can mend it. Every finding is reported: there is no cap.
    问题逐条列出，不设上限；每条写明位置、原因和应填内容。

    ## What a finding says

    | member | what it is | 含义 |
    |---|---|---|
    | `file` | the file's name in the package | 文件名 |
    | `program`, `fileType` | what its name claimed | 监测项目、文件类型 |
    | `row` | the row as a spreadsheet shows it: the header is row 1 | 行号，与表格软件一致，表头为第 1 行 |
    | `line` | the physical line; differs from `row` where cells hold line breaks | 物理行号，单元格内有换行时与行号不同 |
    | `column` | the column's letter: A, B, … AA | 列标 |
    | `field`, `title` | the field's code and name | 字段代码、名称 |
    | `severity` | `error` or `warning` | 级别：错误、警告 |
    | `code` | the kind, see below | 问题类别，见下 |
    | `rule` | the program's rule that was broken | 所违反的规则 |
    | `value` | the cell, masked where it may identify a patient: a star a character; what cannot be seen is named, `[U+200B]` | 现值，可能识别患者的以 * 代替（一个字符一个 *），看不见的字符写出编码，如 `[U+200B]` |
    | `expected` | what belongs there | 应填内容 |
    | `suggestion` | what was most likely meant, only where there is one answer | 可能的正确值，仅在唯一确定时给出 |
    | `message` | what is wrong and how to mend it, in both languages | 说明 |

    Members that do not apply are left out: a finding about a whole file has no `row`.

    ## By cause · 按原因归类

    Pages, `vedette check` and the API with `?grouped=true` gather findings by cause: the same file, field, and rule or fault, whatever the cells hold. A whole column in another form is one cause; its most frequent values stand beside it with how many rows have
    each. Errors first, then what is most. The full list is always there.
    按原因归类：同一文件、同一字段、同一规则或类别为一类，不分现值；整列写法不对只算一类，旁边列出最常见的现值及行数。先错误后警告，多者在前。完整清单始终可查。

    ## Suggestions · 可能的正确值

    Given only where there is one answer: a code whose meaning was written (`男`, `1 男性`), with or without its leading zeros, as `1.0`, in full width or other case; a day or moment whose parts stand from the
    year down (`20260305`, `2026年11月6日`, `2026-11-6T08:01:02`); a number with thousands set apart (`1,234.50`), with the unit that the field has (`65岁` in an age, `39.2℃` in a temperature, `￥12.50` in a
    cost) or with the noise of binary numbers (`71.060000000000002`). Never a code that is merely near, a day that could be a month (`6/11/2026`), two numbers (`65岁3月`, `65-66`), a decimal comma
    (`1.234,56`), a spreadsheet's count of days, or a value that is masked.
    仅在唯一确定时给出：写了代码名称（中文或英文）、前导零、全角、`1.0`；年在前的日期写法；带千分位的数字、带本字段单位的数字（年龄 `65岁`、费用 `￥12.50`）、二进制误差（`71.060000000000002`）。相近的代码、日月可互换的日期、两个数字（`65岁3月`）、Excel 日期序号一律不猜。

    ## What it costs · 级别

    | severity | what becomes of it | 后果 |
    |---|---|---|
    | `error` of a row | the row is rejected; the other rows of the file are taken | 该行退回，其余行照常接收 |
    | `error` of a file | nothing of the file is taken; the other files are | 整个文件不接收，其余文件照常处理 |
    | `warning` | nothing; it should be looked at | 照常接收，请核实 |

    One mistake gives one finding: a rule is not tried on a cell that could not be read, and a row whose cells do not match the header has that one finding.

    ## What counts as an error · 判定一览

    | case | 情形 | verdict |
    |---|---|---|
    | a required cell is empty | 必填项为空 | error; warning for the few that real exporters leave empty, one for the file where a whole column is empty |
    | a required cell holds `-` | 必填项填“-” | fine for text and codes ("not known"); error for keys, P900, P6891, dates and numbers |
    | not a number, a whole number, a date | 不是数值、整数、日期 | error |
    | a code outside its list | 代码不在代码表中 | error; warning where the list is not certain, and for departments (RC023) |
    | too long, out of range, wrong form | 超长、超范围、格式不对 | error |
    | a resident ID with a wrong check digit or date | 身份证号校验码或日期有误 | error |
    | another institution's code in P900 | P900 不是本机构代码 | error |
    | a name of the institution (P6891 of `fever`) that is not the registered one or an alias; in `vedette check`, that differs from other rows' | `fever` 的机构名称（P6891）不是登记的名称或别名；离线检查时为与其他行不一致 | warning |
    | the same key twice in one file | 同一文件内记录标识重复 | error on the later row |
    | the same key in two files of the package, with other content | 同一数据包的两个文件中记录标识相同、内容不同 | error on both rows: neither is taken |
    | the same row in two files of the package | 同一数据包的两个文件中有完全相同的行 | warning on both; it is stored once |
    | no parent in the package or in what is stored | 数据包和已上报数据中都没有所属记录 | error: the row is held, and checked again by itself when the parent is reported; only a warning in `vedette check`, which cannot look into what is stored |
    | the parent was rejected | 所属记录被退回 | error: held for that one cause |
    | time runs backwards, what contradicts itself | 时间颠倒、自相矛盾 | error |
    | sums and ages that do not fit | 合计、年龄不符 | warning |
    | a date after the day of receipt (one day's grace), unless the field may be planned | 日期晚于上报当天（宽限一天），允许为计划日期的字段除外 | error; warning for the start of a medication |
    | a placeholder date (1900-01-01) | 占位日期 | required: error, missing; optional: warning, read as empty |
    | a word for nothing (`NULL`, `#N/A`) | 表示空值的文字 | key or required: error, missing; optional: one warning a file, read as empty |
    | an apostrophe, invisible or full-width characters in a key or code | 号码和代码中的撇号、看不见的字符、全角字符 | one warning a file, read without |
    | scientific notation in a key, card or ID number | 号码变成科学计数法 | error |
    | a time without seconds | 时间没有秒 | in a key error; elsewhere one warning a file, read as `:00` |
    | another name than the parent's; a death record for the living, a discharge summary for the dead | 姓名与所属记录不一致；存活病例报了死亡记录、死亡病例报了出院小结 | warning; names, which are not stored, only where the parent stands in the same package |
    | a required column is missing | 缺少必填列 | error for the file |
    | the header again, titles, dashes, a total or a footer amid or below the rows | 表头重复、标题行、分隔线、合计行、尾注 | one warning each; the line is passed over |
    | no rows because the line breaks were lost | 换行丢失，没有数据行 | error for the file |
    | text whose characters were lost before (`????`, `锟斤拷`) | 字符已丢失的文本 | one warning a column |
    | an optional column is missing, an unknown one is there | 缺少非必填列、多出标准外的列 | one warning a file |

    ## The codes · 问题类别

    Where [Frictionless](https://framework.frictionlessdata.io/docs/errors) has a name for it, it is that name.

    ### `type-error`

    A cell does not have its field's type: `12a.5` in a cost, `1990-02-30` as a date, `1.5` where a whole number belongs, a time without seconds in a key, a day where a time of day is required, a moment of another time zone (`Z`).
    Mend: write dates as `2026-03-05`, moments as `2026-03-05 08:01:02`, numbers without units or thousands separators. `2026/3/5 8:01:02`, `2026-03-05T08:01:02.000` and the program's own offset (`+08:00`) are read too.

    类型不对：费用填了 `12a.5`、日期填了 `1990-02-30`。改正：日期写作 `2026-03-05`，时间写作 `2026-03-05 08:01:02`，数值不带单位和千位分隔符。

    ### `constraint-error`

    A cell has its type and breaks a constraint: empty where it is required, too long, out of range, not in its code list, not a valid resident ID, not the
    institution's code, a date in the future, a placeholder date, a word for nothing. Mend: `expected` says what belongs there.

    **Words for nothing** (`NULL`, `(null)`, `\N`, `NaN`, `None`, `undefined`, `#N/A`, `#REF!`, `Invalid date` and their like, upper or lower case, as the whole cell) are an error in a key or a required field; in an optional field the cell is
    empty, and the file has one warning that counts the words and names them and their columns. A program can add words (`missingValues`). **Placeholder dates** (0000-00-00, 0001-01-01, 1753-01-01, 1899-12-30, 1900-01-01, 1970-01-01, 2099-12-31,
    9999-12-31, with or without a time) are told at their cell: leave it empty; where a date is required, it is missing. A birth may be on 1970-01-01.

    A column of those whose emptiness only warns that is empty in every row is one warning for the file, which names all such columns; a cell that is empty amid filled ones is told where it is.

    违反字段约束：必填项为空、超长、超出范围、代码不在代码表中、身份证号无效、机构代码不是本机构、日期在未来、占位日期、表示空值的文字。改正：按“应为”填写。应填而整列为空的，每个文件只提醒一次，列出各列；个别单元格为空的，逐格提醒。
    **表示空值的文字**（整个单元格是 `NULL`、`\N`、`NaN`、`#N/A`、`Invalid date` 等）在记录标识和必填项中是错误，在非必填项中按未填处理，每个文件提醒一次。**占位日期**（1900-01-01、9999-12-31 等）请留空；必填的日期等于没有填写。

    ### `rule-error`

    A rule over several fields is broken; `rule` names it and `message` says what to do: a death without its time, a discharge before the admission. Or the row and the
    record that it belongs to, in the same package or reported before, do not agree: a death record for a patient who was discharged alive, another name (within a package alone:
    names are not stored). Either of the two may be the wrong one.

    违反项目规则：涉及多个字段，如死亡病例未填死亡时间、出院早于入院；或与所属记录（同一数据包中的，没有时为已上报的）不一致，如存活出院的病例报了死亡记录、姓名不同（姓名不入库，只在同一数据包内比对），两份记录都请核对。改正：按说明核对所涉字段。

    ### `rewritten-cell`

    A spreadsheet or a tool has changed what a cell holds. Where nothing is lost, the value is read as it was meant, and the file has one warning that names what was found and in which columns: an apostrophe, `="001"`,
    invisible characters, full-width letters and digits or `.0` in keys, card and ID numbers and codes; a time without seconds outside keys (read as `:00`); a time with AM, PM, 上午 or 下午 (read as a 24-hour time).
    Keys and links are compared and stored as they are read: `'M001`, `M001` and `Ｍ００１` are one key. An error, at its cell, where digits are lost: `6.22E+18` in a key, a card or ID number. Mend: export again; do not open
    and save the file with a spreadsheet ([the way out](hospitals.md)).

    表格软件或导出程序改动了单元格。不丢失内容的，按原意读取，每个文件提醒一次，列出内容和所在列：号码和代码中的撇号、`="001"`、看不见的字符、全角字母数字、`.0`；记录标识以外的时间没有秒（按 00 秒读取）；带 AM/PM、上午/下午的时间。
    记录标识按去掉这些之后的内容比对和保存。数字已丢失的是错误：卡号、证件号、记录标识变成 `6.22E+18`。改正：重新导出，不要用表格软件打开后另存。

    ### `rewritten-file`

    Several marks together show that a spreadsheet has opened and saved the file: times without seconds, long numbers in scientific notation, codes without their leading zeros, dates with slashes, rows without their last commas.
    A warning about the whole file, said first, because most of the other findings come of it. Mend: send the file as the system exported it, or open it with Data → From Text/CSV and all columns as text.
    In a workbook one such mark is enough, and dates that turned into numbers (`46334`) are one too. Mend: let the export write every cell as text, or set all columns to Text before anything is typed or pasted.

    文件被 Excel 一类的表格软件打开后另存过（几种痕迹同时出现）：时间没有秒、长号码变成科学计数法、代码丢了前导零、日期改成斜杠、行尾缺逗号。对整个文件的提醒，列在最前，其余问题多由此而来。改正：上报系统导出的原文件；必须打开时用“数据 → 从文本/CSV”，所有列设为“文本”。工作簿（.xlsx）有一种痕迹即提示，包括日期变成数字（`46334`）。改正：导出程序把每个单元格写成文本；填写或粘贴之前先把所有列设为“文本”。

    ### `code-not-in-local-table`

    A code is not in the table that the institution has uploaded for the day (page Codes): a diagnosis, a drug, an examination, a laboratory item, a procedure, a morphology of a neoplasm. A warning, and the row is taken, unless the program says that it is an error. Full width, case and blanks do not matter. Where the institution has tables
    of the dictionary, but none in use on the event days, the file has one warning that names the columns. Where it has no table of the dictionary at all, the file has one note (`no-code-table`), which is neither a warning nor an error. Mend: correct the code, or upload the table that is in use now.

    编码不在本院上传的、就诊当日使用的编码表中（诊断、手术操作、肿瘤形态学、药品、检查、检验）。只提醒，行照常接收（监测项目规定为错误的除外）；全角、大小写、空格不影响比对。本院有该类别的编码表，但就诊当日没有可用的，每个文件提醒一次；完全没有该类别的编码表时，每个文件有一条说明（`no-code-table`），不算警告也不算错误。改正：核对编码，或在“编码”页面上传现用的编码表。

    ### `code-name-mismatch`

    The name beside a code is none of those that the institution's own table has for it. Mend: see which of the two is wrong; the code decides what is counted. A warning, unless the program says that it is an error.

    编码旁的名称与本院编码表中该编码的名称都不一致。改正：核对编码和名称哪一个有误；统计以编码为准。只提醒，监测项目规定为错误的除外。

    ### `code-not-national`

    A code is in the institution's own table and stands for no code of the national list: the table does not say which, nobody has mapped it, and it is no national code itself. A warning, and the row is taken, unless the program says that it is an error. Said only where the platform has the national list of the category
    (`nationalCodes` in its configuration). Mend: map the code on the page Codes, where the likeliest national codes are listed, or fill in 国家临床版编码 in the table.

    编码在本院编码表中，但没有对应的国家编码：编码表没有填写，也没有对照，本身也不是国家编码。只提醒，行照常接收（监测项目规定为错误的除外）；平台有该类别的国家编码表时才提示。改正：在“编码”页面对照（列出最可能的国家编码），或在编码表中填写“国家临床版编码”。

    ### `missing-cell`

    A row ends before the last column. Mostly a line break inside a cell that is not quoted, or a lost comma. Mend: put double quotes round cells that may hold line breaks.
    Spreadsheets leave out the last commas of a row where they are empty, sixteen rows at a time: such rows are complete, and what they lack is read as empty. A row that is
    alone so stands with one warning a file if nothing else is found in it, and is rejected otherwise: something may have moved to the left.

    该行单元格少于表头。多因内容中有换行而未加双引号，或丢了逗号。改正：为可能含换行的内容加英文双引号。Excel 等按 16 行一组省去行尾的空逗号，这样的行视为完整，缺少的按空读取；单独一行如此且没有其他问题的，
    照常接收并每个文件提醒一次，有其他问题的退回，因为内容可能错位。

    ### `extra-cell`

    A row goes on after the last column, with something in it. Mostly a comma inside a cell that is not quoted. One empty cell too many at the end is no finding, unless other
    rows have none and two cells or more of the row are wrong beside it: then it was shifted.
    Mend: put double quotes round cells that may hold commas.

    该行单元格多于表头。多因内容中有英文逗号而未加双引号。改正：为可能含逗号的内容加英文双引号。行尾多一个逗号不算问题；但其他行没有、且该行有两处以上错误的，视为错列。

    ### `blank-row`

    Rows without anything in them stand amid others; they were passed over. A warning, once a file. Blank lines at the end are no finding.

    文件中间有空行，已跳过。每个文件提醒一次；文件末尾的空行不算问题。

    ### `primary-key`

    The same key stands twice in one file; the message names the first row. Mend: send one row for each record. The same record in a later package is no mistake: it
    replaces the earlier one. Two files of one type in one package may not hold the same key with different content: which one counts cannot be told, so both rows are sent back, each naming the other's file and
    row. Rows that are the same in both are a warning and are stored once.

    同一文件内记录标识重复，说明中给出第一次出现的行号。改正：每条记录只保留一行。以后的数据包中再次出现不算重复，按新内容覆盖。同一数据包的两个文件中记录标识相同而内容不同的，无法判断以哪一行为准，两行均退回，并互相注明文件和行号；完全相同的只作提醒，入库一次。

    ### `foreign-key`

    The record this row belongs to is neither in the package nor in what was reported before; or it is in the package and was rejected itself. Mend: send the parent
    together with its children, mended.

    找不到所属记录：本次数据包和已上报的数据中都没有，或者它在本次数据包中但被退回。改正：先改正所属记录，与本行一并上报。

    ### `missing-label`

    The header lacks a column. Where it is required the file cannot be taken; else it is one warning. Also when the first row is no header, when something else than commas
    parts the columns (`;`, TAB, `|`, `，`, `；`), when each row stands in one pair of quotes, when single quotes are round every cell, and when the file is a web page, an Excel XML spreadsheet, XML or JSON
    under the name of a CSV: one finding for the file, which names it. Mend: the first row names the fields by their codes, parted by commas.

    表头缺列：缺必填列时整个文件不能接收，其余只提醒一次。第一行不是表头、列之间不是英文逗号（分号、TAB、竖线、中文逗号等）、整行放在一对引号里、单元格用单引号括起、网页（HTML）、Excel XML、XML、JSON 只是命名为 .csv 时也属此类，每个文件一条，写明是哪一种。改正：第一行填写字段代码，以英文逗号分隔。

    ### `extra-label`

    The header has columns that the standard does not know; they were ignored. One warning a file.

    表头有标准以外的列，已忽略。每个文件提醒一次。

    ### `duplicate-label`

    The header names a column twice; which one counts cannot be told, so the file is not taken. Mend: leave one.

    同一列名出现两次，无法判断以哪一列为准，整个文件不接收。改正：只保留一列。

    ### `blank-label`

    Columns have no name; they were ignored. One warning a file, however many. One comma too many at the end of the header is no finding.

    有列没有列名，已忽略。无论多少列，每个文件提醒一次；表头末尾多一个逗号不算问题。

    ### `encoding-error`

    Bytes that are no text in UTF-8 or GB18030 (GBK): an error. Mostly text of another charset, or text cut in the middle of a character. Mend: look at the charset of the export.

    As a warning, which costs no row:

    - characters were lost before the file was sent: `????`, `锟斤拷`, `烫烫烫`, U+FFFD, `ï»¿`, UTF-8 that was read as Latin-1, or as GBK (`鍙戠儹` for 发热; two characters or more). Text of a wrong charset and `烫烫烫` are looked for where the first 256 KB of a file hold some. Once for each column, with the number of rows. A doctor's `肺炎??` is none, and neither is a name of rare characters.
    - the row is in GBK and most rows are in UTF-8, or the other way round: it was read in its own charset.
    - the file begins with the mark of UTF-8 and its text is GBK: it was read as GBK.

    有无法识别的字符（错误）。多因导出时字符编码不一致，或按字节截断了汉字。改正：检查导出程序的字符编码。以下只是警告，行照常接收：字符在上报之前已丢失（`????`、`锟斤拷`、`烫烫烫`，或 UTF-8 被当作 GBK 读取后另存的 `鍙戠儹` 等），每列提醒一次；
    UTF-8 与 GBK 混在一个文件里，少数行按自己的编码读取，逐行提醒；文件开头有 UTF-8 标记而内容是 GBK，按 GBK 读取。

    ### `source-error`

    The file is text, but no table from there on: quotes that do not close, a zero byte, a row beyond a megabyte, too many rows or columns, or
    another header with other columns, as where two files were joined: no row from there on is taken.

    文件不是完整的表格：双引号没有成对、含零字节（0x00）、单行超过 1 MB、行数或列数超限、中间又有一行列不同的表头（从该行起均不接收）。改正：内容里的双引号写成两个（`""`）。

    ### `archive-error`

    The zip, or one file of it, cannot be read or not safely: cut off, encrypted, an archive within the archive, a wrong checksum, a path in a name, another format
    than zip. The message says which. Mend: pack the files again as a plain zip.

    压缩包或其中的文件无法读取或不安全：不完整、有密码、压缩包套压缩包、校验值不符、文件名带路径、不是 zip 格式等，说明中写明原因。改正：用普通 zip 重新打包，不设密码。

    ### `unknown-file`

    No program takes a file of that name. The part of the name before the first `_` decides: `flu_20261108.csv`. Mend: name it so, and send a format that the program takes: CSV, and workbooks where it says so.
    A note, document or picture beside tables (`说明.txt`) is only a warning. What a computer writes by itself (`Thumbs.db`, `desktop.ini`, `.DS_Store`, `__MACOSX/`, `~$…`, `.~lock…#`) is passed over without a word.
    An Excel workbook, PDF or picture that was only renamed to `.csv` is told as what it is.

    文件名不属于任何监测项目。文件名须为“类型_任意内容.csv”，如 `flu_20261108.csv`；格式须是该项目接收的（CSV，多数项目也接收 Excel）。与数据表放在一起的说明、文档、图片只是警告；系统自动生成的文件（`Thumbs.db`、`desktop.ini`、`.DS_Store`、`__MACOSX/`、`~$…`、`.~lock…#`）直接跳过。

    ### `program-not-started`

    The program takes reports from a later day on (`effectiveFrom`, by the day of receipt in its time zone), and the file was received before. Mend: send it again from that day on.

    监测项目尚未开始接收上报，问题中写明了起始日期。请从那天起上报。

    ### `program-set-aside`

    The file's program is set aside at present, because its own configuration has mistakes. The file was not checked, and nothing is wrong with it. Mend: nothing in the file; ask the platform's administrator, who corrects the program
    and then has the submission processed again. The upload is kept until then.

    监测项目自身的配置有错误，目前暂停接收；文件没有被检查，无需修改。请联系平台管理员，恢复后由管理员重新处理；上传的文件会一直保留。

    ### `empty-file`

    A file without bytes (an error), or a header without rows (a warning: nothing is reported with it). An error, too, where all rows stand in one line: the line breaks were lost.
    Mend: `curl` sends a file as it is with `--data-binary @file` or `-T file`; `-d @file` takes the line breaks out.

    空文件（错误），或只有表头没有数据（警告：没有上报任何记录）。整个文件只有一行、换行丢失的，也是错误。改正：用 curl 上报时用 `--data-binary @文件` 或 `-T 文件`，`-d` 会去掉换行。

    ### `passed-over`

    A line that is no data was passed over: the header again, a row of titles, dashes or totals, a footer (`(6 rows affected)`, `共6条`), `sep=,` or `#TYPE` before the header, Ctrl-Z or zero bytes at the
    end; or a file in UTF-16 without a mark was read as that. A warning; the other rows are accepted, and nothing need be done. A row with its key filled is never one of these.

    有一行不是数据，已跳过：再次出现的表头、中文标题行、分隔线、合计行、尾注（`(6 rows affected)`、`共6条`）、表头前的 `sep=,` 或 `#TYPE`、文件末尾的 Ctrl-Z 或零字节；或者没有标记的 UTF-16 文件已照此读取。只是警告，其他行照常接收，无需处理。
    """##

/// `docs/agent.zh.md`.
let agentGuideZHHelpText: StaticString = ##"""
    # 前置机使用手册

    In English: [Agent guide](agent.md).

    前置机程序 `vedette-agent` 安装在医院的一台 Linux 机器上。业务系统把文件导出到它的 `inbox` 文件夹，程序自动上报，取回核验结果、回执和需要改正的行。

    程序是一个静态文件，可在任何 x86-64 Linux（统信 UOS、麒麟、openEuler、CentOS 7 等，内核 3.10 以上）上运行，不需要安装任何软件包。程序文件在平台的“资料下载”页面下载。

    ## 安装

    ```sh
    install -m 755 vedette-agent /usr/local/bin/
    vedette-agent init /var/lib/vedette-agent             # 建立文件夹和设置文件
    vi /var/lib/vedette-agent/agent.json                  # 填写平台地址
    (umask 077; cat > /var/lib/vedette-agent/token)       # 粘贴令牌，回车，Ctrl-D
    vedette-agent doctor /var/lib/vedette-agent           # 检查，按提示处理
    ```

    令牌由平台管理员发放。令牌只放在 `token` 文件中（权限 600），不要写进 `agent.json`。

    **作为系统服务运行**（systemd）：

    ```sh
    useradd --system --home-dir /var/lib/vedette-agent vedette-agent
    chown -R vedette-agent: /var/lib/vedette-agent
    cat > /etc/systemd/system/vedette-agent.service <<'UNIT'
    [Unit]
    Description=Vedette agent
    Wants=network-online.target
    After=network-online.target

    [Service]
    User=vedette-agent
    Environment=LC_ALL=zh_CN.UTF-8
    ExecStart=/usr/local/bin/vedette-agent run /var/lib/vedette-agent
    UMask=0007
    Restart=always
    RestartSec=10
    LimitCORE=0
    NoNewPrivileges=yes
    ProtectSystem=strict
    ProtectHome=yes
    PrivateTmp=yes
    PrivateDevices=yes
    ReadWritePaths=/var/lib/vedette-agent

    [Install]
    WantedBy=multi-user.target
    UNIT
    systemctl enable --now vedette-agent
    journalctl -u vedette-agent -f                        # 查看日志
    ```

    不想常驻运行时，可在导出之后由定时任务执行 `vedette-agent once /var/lib/vedette-agent`：发送、等待结果、结束。

    ## 命令

    | 命令 | 作用 |
    |---|---|
    | `vedette-agent init 文件夹` | 建立文件夹和带注释的设置文件；已有的不改动 |
    | `vedette-agent run [文件夹]` | 一直运行 |
    | `vedette-agent once [文件夹]` | 发送已就绪的文件，等待结果后结束，最多 15 分钟 |
    | `vedette-agent status [文件夹]` | 最近 7 个有上报的日期、等待中的文件、被拒绝的数据包、最后一次结果 |
    | `vedette-agent doctor [文件夹]` | 检查文件夹、磁盘、令牌、代理、域名、网络、证书、时钟，并说明如何处理 |
    | `vedette-agent help`、`vedette-agent --version` | 说明、版本 |

    退出状态：0 正常，1 有问题或被拒绝，2 无法运行。

    ## 设置（agent.json）

    | 设置 | 说明 |
    |---|---|
    | `server` | 平台地址，如 `https://vedette.example.org`。除本机外不使用明文 http |
    | `certificates` | 平台证书由自建 CA 签发时，CA 证书文件（PEM）。证书和主机名始终核验，不能关闭 |
    | `proxy` | 上网代理，如 `http://proxy.example.org:3128`；不支持需要账号密码的代理 |
    | `allowPlainHTTP` | 设为 `true` 才允许明文 http，患者数据会在网络上明文传输 |
    | `pollSeconds` | 查看 inbox 的间隔，1 至 300 秒，默认 10 |
    | `quietSeconds` | inbox 中多少秒无变化后发送表格，0 至 3600 秒，默认 60 |
    | `holdOnErrors` | 设为 `true`：先由平台试核验，有错误则不上报，移入 failed |

    写错的设置会指出文件和行号，程序不启动。修改设置或更换令牌后请重启程序（`systemctl restart vedette-agent`）。

    ## 文件夹

    | 文件夹 | 内容 |
    |---|---|
    | `inbox` | 业务系统导出到这里。文件完整后由程序取走 |
    | `sending` | 正在发送，请勿改动 |
    | `sent/2026-11-30` | 已完成的数据包，附平台签名的回执 `receipt.json`。程序不会自动删除，请定期清理较早的日期 |
    | `failed` | 被平台拒绝的数据包，原因见其中的 `原因.txt`。处理后把文件移回 `inbox` |
    | `corrections` | 核验发现的问题 `…-findings.csv`，以及退回的行 `…-corrections.zip`。改正后把 zip 放入 `inbox` 即可 |

    - **完整**：大小和修改时间在间隔 10 秒以上的两次查看中没有变化，且不为空。以 `.tmp`、`.part`、`~` 结尾或以 `.`、`~$` 开头的文件不会取走；最稳妥的做法是先用 `.tmp` 名导出，完成后改名。
    - **表格**（`.csv`、`.xlsx`、`.xls`）：inbox 静止 `quietSeconds` 秒后作为一次上报一起发送，病例和检验不会分开。导出完成时放入任意 `*.ready` 文件，则不再等待。**每个 zip** 单独上报。
    - **不重复发送**：同一天内容相同的同类文件不再发送，与文件名无关；之后若报过同类的其他内容，则会再次发送，因为以最后一次为准。
    - **不丢失**：断网、断电、程序被强行结束都没有关系，重新启动后继续，平台上只有一次上报。断网时一直重试，间隔 5 秒至 15 分钟。

    ## Windows 系统导出到前置机

    在前置机上用 Samba 把 `inbox` 共享给业务系统（`corrections` 可同样共享给经办人）：

    ```ini
    [inbox]
    path = /var/lib/vedette-agent/inbox
    valid users = his
    force user = vedette-agent
    read only = no
    create mask = 0660
    ```

    Windows 上执行 `net use R: \\前置机地址\inbox`，把导出路径设为 `R:\`。不要让导出正好在 17:00 开始，应留出核验和改正的时间。

    ## 常见问题

    | 现象 | 处理 |
    |---|---|
    | “其他用户可读取令牌文件” | `chmod 600 /var/lib/vedette-agent/token` |
    | doctor 提示“令牌：服务器不接受” | 令牌过期或被吊销，向平台管理员索取新令牌，再把 `failed` 中的文件移回 `inbox` |
    | “签发机构不受信任” | 向平台索取 CA 证书，在 `certificates` 中指定 |
    | “证书不是为 … 签发的” | `server` 的地址写错，或应使用域名而不是 IP |
    | “无法解析主机名” | 检查 `/etc/resolv.conf`，或在 `/etc/hosts` 中加入平台地址 |
    | “证书已过期”“尚未生效” | 先检查本机时钟（`timedatectl`） |
    | 文件一直留在 `inbox` | 看日志：文件为空、没有读取权限、类型不对、文件名不是 UTF-8，或仍在变化 |
    | 结果为“部分接收”“退回” | 打开 `corrections` 中的 `…-findings.csv`，改正后重新导出 |
    | 磁盘不足 | 删除 `sent` 中较早的日期 |

    ## 目前不支持

    断点续传（中断的上传会从头开始）、程序自动更新、直接查询数据库、本地核验、按截止时间自动安排。前置机程序只在 Linux 上运行。
    """##

/// `docs/agent.md`.
let agentGuideHelpText: StaticString = ##"""
    # The agent

    `vedette-agent` (前置机) stands in the hospital. Systems export into its folder `inbox`; it sends what is whole, asks for the verdict, and brings back receipts and the rows to correct. Hospitals read 《[前置机使用手册](agent.zh.md)》.

    It is one static file for Linux on x86-64 (kernel 3.10 or later) and needs no package and no library of the system; `/proc` is mounted, as it is everywhere. It finds names by `/etc/hosts` and DNS alone. Hospitals download it from the resource centre of their server (菜单“资料下载”), where the operator has [put it](deployment.md); `scripts/build-agent` builds it, says how large it is, and refuses one that is not static.

    ## Begin

    ```sh
    install -m 755 vedette-agent /usr/local/bin/
    vedette-agent init /var/lib/vedette-agent             # folders, and agent.json with comments
    vi /var/lib/vedette-agent/agent.json                  # the server's address
    (umask 077; cat > /var/lib/vedette-agent/token)       # paste the token, Enter, Ctrl-D
    vedette-agent doctor /var/lib/vedette-agent           # and do what it says
    vedette-agent run /var/lib/vedette-agent
    ```

    The platform's administrator makes the token: `vedette account token NAME --label agent`. It stands in the file `token` alone, which nobody else may read, never in `agent.json`, the log or what is printed. `Config/vedette-agent.service` is a unit for systemd:

    ```sh
    useradd --system --home-dir /var/lib/vedette-agent vedette-agent
    chown -R vedette-agent: /var/lib/vedette-agent
    install -m 644 vedette-agent.service /etc/systemd/system/
    systemctl enable --now vedette-agent
    journalctl -u vedette-agent -f
    ```

    ## Commands

    The language is that of the locale, Chinese or English. Exit status: 0 fine, 1 findings or refusals, 2 could not run. Without `FOLDER` it is the current folder. One process works on a folder at a time.

    | command | what it does |
    |---|---|
    | `vedette-agent init FOLDER` | makes the folders and sample settings; what is there stays as it is |
    | `vedette-agent run [FOLDER]` | works until SIGTERM or SIGINT |
    | `vedette-agent once [FOLDER]` | sends what is ready, waits for the verdicts and ends: for a scheduled task. It goes on for 15 minutes at most; what is not through then stays, and the status is 2 |
    | `vedette-agent status [FOLDER]` | the last 7 days with reports, what waits, what was refused, the last verdict |
    | `vedette-agent doctor [FOLDER]` | one page for the IT department: folders, free space, token, proxy, name, connection, certificate and its dates, clock, whether the server takes the token. It sends no report |
    | `vedette-agent help`, `vedette-agent --version` | |

    ## Settings

    `agent.json` is JSON with comments; an unknown setting or one of the wrong type is refused with file and line. Settings and token are read at the start: restart the agent after a change. [Config/vedette-agent.json](../Config/vedette-agent.json) is what `init` writes.

    | setting | |
    |---|---|
    | `server` | the server's address, `https://vedette.example.org`. Plain http is taken for the machine itself only |
    | `certificates` | a PEM file of the authorities to trust, from the folder on. Without it they are the system's. The certificate and its host name are always verified; nothing turns that off |
    | `proxy` | `http://proxy.example.org:3128`: an HTTP proxy with CONNECT, for https. One that asks for a name and password is not supported; variables of the environment are not read |
    | `allowPlainHTTP` | `true` lets patients' data go to other machines in the clear |
    | `pollSeconds` | seconds between two looks at the inbox: 1 to 300, 10 |
    | `quietSeconds` | seconds for which nothing in the inbox has changed before tables go: 0 to 3600, 60 |
    | `holdOnErrors` | `true`: the server checks first (`?dryRun=true`), and a package with errors goes to `failed` with them and is not sent |

    ## Folders

    | folder | what lies there |
    |---|---|
    | `inbox` | exports. Only whole files are taken, and they are moved |
    | `sending` | packages under way, a folder each. Leave it alone |
    | `sent/2026-11-30` | packages that are through, with `receipt.json` (signed by the server), `answer.json`, `verdict.json` and the files. Nothing is ever removed here: the hospital clears earlier days |
    | `failed` | packages that the server refused, each with `原因.txt`, the reason in both languages. Mend it, and move the files back to `inbox` |
    | `corrections` | for packages with findings: `…-findings.csv`, and `…-corrections.zip` with the rejected rows. Corrected, put it into `inbox` as it is |

    **A file is whole** when its size and its time of change are the same at two looks at least 10 seconds apart, and it is not empty. Names that end in `.tmp`, `.part` or `~` or begin with a dot or `~$` are never taken: a system that writes under such a name and renames it when it is done is safest. Links and folders are not taken.

    **Tables** (`.csv`, `.xlsx`, `.xls`) wait until nothing in the inbox has changed for `quietSeconds`, and then go together as one submission (several where there are more than 20): a case and its tests belong together. A file `*.ready` ends that wait, and is removed with the tables. **Each `.zip`** goes by itself. Other kinds of files stay where they are, and are told once.

    **Nothing is sent twice.** What counts is the content (SM3), never the file's name or its time: bytes that were sent on the same day for the same tables are put into `sent` with `说明.txt` and not sent again. They are sent again where other bytes for these tables have gone since, because what comes last counts.

    **Nothing is lost.** A package is in `sending`, durably, before a byte of it is sent, with a key by which the server knows a repetition. The agent may be killed, or the power cut, at any moment: started again it goes on, and the server has the package once. Packages go in the order in which they were taken.

    **Faults that pass** (network, 408, 429, 5xx) are tried again for ever, after waits that grow from 5 seconds to 15 minutes and are drawn at random, and never sooner than the server asks by `Retry-After`. Every other refusal (4xx) goes to `failed`. A file that cannot be read, or a full disk, is told and does not stop the others.

    The log is one line an event on standard error. It names files and no patient.

    ## What it does not do yet

    - It does not go on with half an upload: a broken one begins anew (packages have at most 20 MiB).
    - It has a token and no key of its own; it signs nothing.
    - It does not bring itself up to date, query databases, or check files itself: the server checks.
    - It does not learn of deadlines: exports should begin well before 17:00.
    - It runs on Linux alone. A Windows system exports into a share of the Linux machine, or uses the server's interface ([api.md](api.md)) itself.
    """##
