/// The look of all pages: dark on light, the system's own fonts, tables that become cards where the screen is narrow.
let stylesheetText: StaticString = #"""
    :root {
      color-scheme: light;
      --ink: #1d2a35; --soft: #566573; --line: #d8dfe6; --ground: #f4f6f8; --card: #fff;
      --accent: #0f5a7a; --accent-dark: #0a4660; --accent-pale: #e4f0f5;
      --good: #1c6b3c; --good-pale: #e3f3e9; --warn: #84530a; --warn-pale: #fdf1dc; --bad: #a32020; --bad-pale: #fbe6e6;
      --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; min-height: 100vh; display: flex; flex-direction: column; color: var(--ink); background: var(--ground);
      font: 16px/1.6 -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
        "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif;
    }
    a { color: var(--accent); text-underline-offset: 3px; }
    a:hover { color: var(--accent-dark); }
    :focus-visible { outline: 3px solid #a85400; outline-offset: 2px; border-radius: 3px; }
    h1 { font-size: 1.55rem; line-height: 1.3; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    main > h1 { margin-bottom: 1rem; }
    h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .8rem; }
    h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
    p { margin: 0 0 .8rem; }
    code { font-family: var(--mono); font-size: .92em; overflow-wrap: anywhere; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 8px; top: 8px; background: #fff; padding: .4rem .8rem; z-index: 9; }

    body > header { background: var(--accent); color: #fff; }
    .bar, main, body > footer > div { width: 100%; max-width: 1160px; margin: 0 auto; padding: 0 20px; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0 22px; min-height: 58px; }
    .bar a { color: #fff; text-decoration: none; }
    .brand { font-size: 1.15rem; font-weight: 600; white-space: nowrap; padding: 10px 0; }
    .brand small { font-weight: 400; opacity: .85; margin-left: .5em; font-size: .8rem; letter-spacing: .04em; }
    .bar nav { display: flex; gap: 2px; flex: 1; }
    .bar nav a { padding: 16px 13px 13px; border-bottom: 3px solid transparent; white-space: nowrap; }
    .bar nav a:hover { background: rgba(255, 255, 255, .1); }
    .bar nav a[aria-current] { border-color: #ffd479; font-weight: 600; }
    .bar :focus-visible { outline-color: #ffd479; outline-offset: -3px; }
    .who { display: flex; align-items: center; gap: 14px; font-size: .9rem; padding: 8px 0; margin-left: auto; }
    .who form { margin: 0; }
    .who button { background: none; border: 1px solid rgba(255, 255, 255, .55); color: #fff; padding: 3px 11px; font-size: .85rem; }
    .who button:hover { background: rgba(255, 255, 255, .15); }
    main { flex: 1; padding-top: 26px; padding-bottom: 40px; }
    body > footer { border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
    body > footer > div { padding-top: 14px; padding-bottom: 18px; display: flex; flex-wrap: wrap; gap: 4px 18px; }

    .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: flex-start; gap: 8px 20px; margin-bottom: 18px; }
    .lead { color: var(--soft); margin: 0; }
    .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px; margin-bottom: 20px; }
    .narrow { max-width: 420px; margin: 6vh auto 0; }
    .empty { text-align: center; padding: 48px 20px; }
    .empty p { color: var(--soft); max-width: 34em; margin: 0 auto 1.2rem; }

    button, .button {
      display: inline-block; font: inherit; cursor: pointer; border-radius: 7px; border: 1px solid var(--accent);
      background: var(--accent); color: #fff; padding: 8px 18px; text-decoration: none; white-space: nowrap;
    }
    button:hover, .button:hover { background: var(--accent-dark); color: #fff; }
    .plain { background: #fff; color: var(--accent); }
    .plain:hover { background: var(--accent-pale); color: var(--accent-dark); }
    button[disabled] { opacity: .55; cursor: default; }
    label { display: block; font-weight: 600; margin: 0 0 4px; }
    input:not([type=file]):not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea {
      font: inherit; color: inherit; width: 100%; padding: 8px 10px; border: 1px solid #9aa7b3; border-radius: 7px; background: #fff;
    }
    .fields > div { margin-bottom: 16px; }
    .fields .card > div { margin-bottom: 16px; }
    .review { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 20px; align-items: start; }
    .fault { color: var(--bad); margin: 4px 0 0; font-size: .92rem; }
    textarea, pre { font-family: var(--mono); font-size: .9rem; }
    pre { overflow-x: auto; background: #fafbfc; padding: 10px 14px; border-radius: 7px; }
    details { border-top: 1px solid #e8ecf0; padding: 8px 0; }
    .wide { width: 100%; }
    .hint { color: var(--soft); font-size: .9rem; }
    .row { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end; }
    .row > div { flex: 1 1 150px; min-width: 0; }
    .row > .go { flex: 0 1 auto; display: flex; flex-wrap: wrap; gap: 8px; }

    .note { border-radius: 8px; border: 1px solid var(--line); border-left-width: 5px; padding: 12px 16px; margin: 0 0 18px; background: #fff; }
    .note p:last-child { margin: 0; }
    .note.bad { border-color: var(--bad); background: var(--bad-pale); }
    .choice { font-weight: 400; margin: 6px 0; }
    .choice input[type=radio] { margin: 0 6px 0 0; }
    .choice .hint { display: inline; margin-left: 8px; }
    .choice.choice.choice input[type=text] { width: 11em; max-width: 60%; display: inline-block; }
    .note.warn { border-color: var(--warn); background: var(--warn-pale); }
    .note.good { border-color: var(--good); background: var(--good-pale); }
    .note.info { border-color: var(--accent); background: var(--accent-pale); }

    .tag { display: inline-block; border-radius: 99px; padding: 1px 11px; font-size: .85rem; white-space: nowrap; background: #e8ecf0; color: #384652; }
    .tag.good { background: var(--good-pale); color: var(--good); }
    .tag.warn { background: var(--warn-pale); color: var(--warn); }
    .tag.bad { background: var(--bad-pale); color: var(--bad); }
    .tag.info { background: var(--accent-pale); color: var(--accent-dark); }

    .chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 16px; padding: 0; list-style: none; }
    summary + .chips { margin-top: 12px; }
    .chips a { display: block; border: 1px solid var(--line); background: #fff; border-radius: 99px; padding: 3px 14px; text-decoration: none; font-size: .92rem; }
    .chips a[aria-current] { background: var(--accent); border-color: var(--accent); color: #fff; }

    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0 0 20px; }
    .figures > div { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
    .figures dt { color: var(--soft); font-size: .88rem; }
    .figures dd { margin: 0; font-size: 1.55rem; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; }
    .figures .bad dd { color: var(--bad); }
    .figures .good dd { color: var(--good); }
    .figures .warn dd { color: var(--warn); }
    .chart { display: block; width: 100%; height: auto; }
    .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 22px; margin: 0; }
    .facts dt { color: var(--soft); }
    .facts + p { margin-top: 14px; }
    .card > form + form { margin-top: 18px; }
    .facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }

    .applysteps { display: flex; flex-wrap: wrap; gap: 4px 22px; list-style: none; counter-reset: step; margin: 0 0 18px; padding: 0; }
    .applysteps li { counter-increment: step; color: var(--soft); }
    .applysteps li::before { content: counter(step) ". "; }
    .applysteps li[aria-current] { color: var(--accent-dark); font-weight: 600; }
    .fault { color: var(--bad); margin: 4px 0 0; font-size: .92rem; }
    .explained { display: flex; flex-wrap: wrap; gap: 4px 8px; margin-top: 4px; font-size: .92rem; }
    .explained .tag { white-space: normal; border-radius: 9px; }
    .scan img { display: block; max-width: min(100%, 560px); max-height: 420px; border: 1px solid var(--line); border-radius: 6px; background: #fff; }

    .scroll { overflow-x: auto; }
    .tablecard { padding: 0; overflow: hidden; }
    .tablecard > h2 { padding: 18px 20px 0; }
    .tablecard > .pad { padding: 4px 20px 18px; margin: 0; }
    .tablecard > .pad:first-child { padding-top: 18px; }
    .notes { padding: 0 20px; border-top: 1px solid var(--line); font-size: .92rem; }
    .notes > summary { cursor: pointer; padding: 6px 0; color: var(--soft); }
    .pad > :last-child, .card > :last-child { margin-bottom: 0; }
    table { border-collapse: collapse; width: 100%; font-size: .94rem; }
    th, td { text-align: left; vertical-align: top; padding: 9px 12px; border-top: 1px solid #e8ecf0; }
    thead th { border-top: 0; color: var(--soft); font-weight: 600; font-size: .86rem; white-space: nowrap; background: #fafbfc; }
    tbody tr:hover { background: #f8fafb; }
    th:first-child, td:first-child { padding-left: 20px; }
    th:last-child, td:last-child { padding-right: 20px; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .name { overflow-wrap: anywhere; min-width: 9em; }
    .key { min-width: 7em; }
    .place { min-width: 12em; overflow-wrap: anywhere; }
    .key code { white-space: nowrap; overflow-wrap: normal; }
    .zero { color: #6b7884; }
    td .hint { display: block; }
    td .hint.inline { display: inline; }
    .say { min-width: 16em; }
    .pager { display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 14px 20px; border-top: 1px solid #e8ecf0; }

    .drop { border: 2px dashed #9fb3c0; border-radius: 10px; padding: 30px 20px; text-align: center; background: #fafcfd; }
    .drop.over { border-color: var(--accent); background: var(--accent-pale); }
    .drop input { max-width: 100%; font: inherit; }
    ::file-selector-button {
      font: inherit; cursor: pointer; border: 1px solid var(--accent); border-radius: 7px; background: #fff; color: var(--accent);
      padding: 6px 16px; margin-right: 10px;
    }
    ::file-selector-button:hover { background: var(--accent-pale); }
    .queue { list-style: none; margin: 18px 0 0; padding: 0; }
    .queue li { padding: 10px 0; border-top: 1px solid #e8ecf0; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 14px; }
    .queue progress { grid-column: 1 / -1; width: 100%; height: 10px; accent-color: var(--accent); }
    .queue .result { grid-column: 1 / -1; }
    .queue .result.bad { color: var(--bad); }
    .queue .result.good { color: var(--good); }
    .queue .result.warn { color: var(--warn); }
    .submit { margin-top: 18px; }
    .duty { border-left: 5px solid var(--line); }
    .duty.good { border-left-color: var(--good); }
    .duty.warn { border-left-color: #b9770e; }
    .duty.bad { border-left-color: var(--bad); }
    .duty.info { border-left-color: var(--accent); }
    .calendar { table-layout: fixed; min-width: 420px; max-width: 860px; }
    .calendar caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: 6px; }
    .calendar th, .calendar td { padding: 5px 6px; border: 1px solid #e8ecf0; }
    .calendar th:first-child, .calendar td:first-child { padding-left: 6px; }
    .calendar th:last-child, .calendar td:last-child { padding-right: 6px; }
    .calendar td { height: 58px; }
    .calendar td.today { outline: 2px solid var(--accent); outline-offset: -2px; }
    .calendar small { display: block; color: var(--soft); font-size: .78rem; }
    .mark {
      display: inline-block; min-width: 26px; padding: 0 6px; margin: 2px 2px 0 0; border-radius: 5px; text-align: center;
      text-decoration: none; font-size: .85rem; background: #e8ecf0; color: #384652;
    }
    .mark.good { background: var(--good-pale); color: var(--good); }
    .mark.warn { background: var(--warn-pale); color: var(--warn); }
    .mark.bad { background: var(--bad); color: #fff; }
    .mark.info { background: var(--accent-pale); color: var(--accent-dark); }
    .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; list-style: none; margin: 12px 0 0; padding: 0; color: var(--soft); font-size: .88rem; }
    .steps { margin: 0; padding-left: 1.3em; }
    .steps li { margin-bottom: .35rem; }
    details.group { padding: 0; }
    details.group > summary { padding: 14px 20px; font-weight: 600; cursor: pointer; }
    details.group > summary .hint { font-weight: 400; }
    details.group[open] > summary { border-bottom: 1px solid #e8ecf0; }
    .document { max-width: 62rem; }
    .document h2 { margin-top: 2rem; }
    .document td { overflow-wrap: anywhere; }
    .list { margin: 0 0 .8rem; padding-left: 1.3em; }
    .rowactions { display: flex; gap: 8px; justify-content: flex-end; }
    .rowactions:empty { display: none; }
    .small { padding: 2px 12px; font-size: .88rem; }
    .lead + .card { margin-top: 14px; }
    .seal > div { min-width: 0; overflow-wrap: anywhere; flex: 1 1 240px; }
    .seal { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; border-top: 1px solid var(--line); padding-top: 14px; margin-top: 14px; }
    .qr { width: 132px; height: 132px; background: #fff; }
    .setup { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; }
    .setup .qr { width: 200px; height: 200px; }
    .setup > div { min-width: 0; flex: 1 1 200px; }
    .secret { overflow-wrap: anywhere; }
    .codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5em, 1fr)); gap: 4px 12px; list-style: none; margin: 8px 0 12px; padding: 0; }
    .shortcode { font-family: var(--mono); font-size: 1.25rem; font-weight: 600; letter-spacing: .04em; margin: 0; }
    .sheet .facts { margin-bottom: 14px; }
    .counts .total th, .counts .total td { border-top: 2px solid var(--line); font-weight: 600; }
    .plainlist { list-style: none; margin: 0; padding: 0; }
    .plainlist li { padding: 3px 0; }
    .filter { padding: 14px 20px; }
    .day th { background: var(--ground); font-size: .9rem; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 18px; }
    .todo { margin: 0 0 .6rem; padding-left: 1.5em; }
    .todo li { margin-bottom: .55rem; overflow-wrap: anywhere; }
    .todo .count { display: inline-block; background: var(--bad-pale); color: var(--bad); border-radius: 99px; padding: 0 10px; font-size: .88rem; white-space: nowrap; }
    .fold .todo .count { background: var(--warn-pale); color: var(--warn); }
    details.confirm { border: 0; padding: 0; }
    details.confirm > summary { display: inline-block; cursor: pointer; padding: 4px 12px; border: 1px solid var(--line); border-radius: 6px; color: var(--accent); }
    details.confirm[open] > summary { margin-bottom: 8px; }
    details.fold { padding: 0 20px; border: 1px solid var(--line); }
    details.fold > summary { cursor: pointer; padding: 13px 0; font-weight: 600; }
    details.fold[open] { padding-bottom: 16px; }

    @media screen and (max-width: 760px) {
      .bar { padding: 0 14px; gap: 0 14px; }
      .review { grid-template-columns: 1fr; }
      .bar nav { order: 3; flex: 1 0 100%; overflow-x: auto; border-top: 1px solid rgba(255, 255, 255, .2); margin: 0 -14px; padding: 0 4px; }
      .bar nav a { padding: 10px 11px 8px; }
      .who .person { display: none; }
      main, body > footer > div { padding-left: 14px; padding-right: 14px; }
      main { padding-top: 12px; padding-bottom: 16px; }
      h1 { font-size: 1.3rem; }
      .card { padding: 16px; }
      .tablecard { padding: 0; }
      .narrow { margin-top: 2vh; }
      .figures dd { font-size: 1.3rem; }
      .facts { grid-template-columns: 1fr; gap: 0; }
      .facts dd { margin-bottom: 8px; }
      .cards, .cards tbody { display: block; }
      .cards thead { position: absolute; left: -9999px; }
      .cards tr { display: flex; flex-wrap: wrap; padding: 12px 16px; border-top: 1px solid var(--line); }
      .cards tbody tr:first-child { border-top: 0; }
      .cards tbody tr:hover { background: none; }
      .cards td, .cards td:first-child, .cards td:last-child { display: flex; gap: 12px; border: 0; padding: 3px 0; text-align: left; white-space: normal; min-width: 0; flex: 1 0 100%; }
      .cards td.number, .cards td.number:last-child { flex: 0 0 50%; }
      .cards td::before { content: attr(data-label); flex: 0 0 6.5em; color: var(--soft); font-size: .88rem; padding-top: .1em; }
      .cards td > div { min-width: 0; overflow-wrap: anywhere; flex: 1; }
      .cards td:empty, .cards td:has(> div:empty) { display: none; }
      .row > div { flex-basis: 100%; }
      .row.two > div { flex-basis: 40%; }
      .row.two > .go { flex-basis: 100%; }
      .actions .button { padding: 6px 12px; }
      .card, .note, .actions, .figures { margin-bottom: 12px; }
      .note { padding: 9px 13px; font-size: .95rem; }
      .todo { font-size: .95rem; padding-left: 1.3em; }
      .todo .hint { font-size: .84rem; line-height: 1.45; }
      .todo li { margin-bottom: .4rem; }
      .wideonly, td .hint.wideonly { display: none; }
      .counts .total td { border-top: 0; }
      .figures { grid-template-columns: 1fr 1fr 1fr; gap: 8px; }
      .figures > div { padding: 8px 10px; }
      .figures dt { font-size: .8rem; }
      .tight td.name, .tight td.name:first-child { flex: 1 0 100%; }
      .tight td.name::before { content: none; }
      .tight td.number, .tight td.number:last-child { flex: 0 0 auto; margin-right: 14px; gap: 5px; }
      .tight td.number::before { flex: 0 0 auto; }
      .tight td.number.zero { display: none; }
      .tight td.time, .tight td.state { flex: 0 0 auto; margin-right: 14px; }
      .tight td.time::before, .tight td.state::before { content: none; }
      .tight tr { padding: 6px 16px; }
      .day th { flex: 1 0 100%; border: 0; padding: 0; background: none; }
      details.fold, .notes { padding: 0 16px; }
      .cards .time time { white-space: normal; }
      .calendar { min-width: 0; }
      .calendar th, .calendar td, .calendar td:first-child, .calendar td:last-child { padding: 4px 3px; }
      .mark { padding: 0 4px; min-width: 22px; font-size: .78rem; }
    }
    code.long { overflow-wrap: anywhere; }

    @media print {
      @page { size: A4; margin: 14mm; }
      body > header nav, .who, .pager, .noprint, form:not(.prints), .button, .skip, details:not([open]) { display: none !important; }
      body { min-height: 0; font-size: 11pt; }
      main { padding-top: 8px; padding-bottom: 8px; }
      body { background: #fff; }
      .card { border-color: #999; break-inside: avoid; }
      .sheet + .sheet { break-before: page; }
    }
    """#
