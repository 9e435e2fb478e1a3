/// The report's style sheet.
///
/// Colours are variables, so that light and dark are two short lists.
enum ReportStyle {
    static let css = #"""
        :root{--bg:#f5f6f8;--card:#fff;--ink:#171c26;--soft:#5d6675;--faint:#8b94a3;--line:#e3e6eb;--grid:#eceef2;
          --demand:#20304d;--band:#5b8def;--capacity:#0d8a6a;--billed:#a2843f;--short:#d92d3a;--good:#0d8a6a;--poor:#b4541a;--select:#5b8def}
        :root[data-theme=dark]{--bg:#0f131a;--card:#171c25;--ink:#e8ebf0;--soft:#9aa4b4;--faint:#6d7787;--line:#28303c;--grid:#222934;
          --demand:#dbe4f5;--band:#5b8def;--capacity:#34c79b;--billed:#c9a85c;--short:#ff5d68;--good:#34c79b;--poor:#f0935a;--select:#7aa2f5}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        main{max-width:1320px;margin:0 auto;padding:28px 24px 48px}
        header{display:flex;justify-content:space-between;align-items:flex-start;gap:24px;margin-bottom:20px}
        .eyebrow{margin:0;color:var(--faint);font-size:12px;letter-spacing:.06em;text-transform:uppercase}
        h1{margin:2px 0 4px;font-size:24px;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{margin:0 0 14px;font-size:15px;font-weight:650}
        .sub{margin:0;color:var(--soft);overflow-wrap:anywhere}
        button{font:inherit;font-size:13px;color:var(--soft);background:var(--card);border:1px solid var(--line);border-radius:7px;padding:4px 11px;cursor:pointer}
        button:hover{color:var(--ink);border-color:var(--faint)}
        button:disabled{opacity:.45;cursor:default}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin-bottom:12px}
        .tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
        .tile{padding:12px 16px;display:flex;flex-direction:column}
        .tile .name{color:var(--soft);font-size:12.5px}
        .tile .value{font-size:25px;font-weight:650;letter-spacing:-.015em;line-height:1.35}
        .tile .beside{color:var(--faint);font-size:12.5px}
        .tile.good .value{color:var(--good)}
        .tile.poor .value{color:var(--poor)}
        .card{padding:18px 20px;margin-bottom:12px}
        #charts{padding:14px 16px 10px}
        .bar{display:flex;flex-wrap:wrap;gap:8px 20px;justify-content:space-between;align-items:center;margin-bottom:8px}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:12.5px}
        .legend span{display:inline-flex;align-items:center;gap:7px}
        .legend i{display:inline-block;width:18px;height:0;border-top:2px solid}
        .legend i.box{height:10px;border:0;border-radius:2px}
        .zoom{display:flex;gap:6px}
        .plot{position:relative;outline:none;touch-action:pan-y}
        .plot:focus-visible{box-shadow:0 0 0 2px var(--select);border-radius:6px}
        canvas{display:block;width:100%}
        #main{height:500px;cursor:crosshair}
        #overview{height:58px;margin-top:8px;cursor:grab;touch-action:none}
        .hint{margin:8px 0 0;color:var(--faint);font-size:12px}
        #tip{position:absolute;top:8px;left:0;width:296px;pointer-events:none;background:var(--card);border:1px solid var(--line);border-radius:9px;
          box-shadow:0 6px 24px rgba(10,15,25,.16);padding:10px 13px;font-size:12.5px;z-index:2}
        #tip .when{font-weight:650;margin-bottom:6px}
        #tip .row{display:flex;justify-content:space-between;gap:12px;color:var(--soft)}
        #tip .row b{white-space:nowrap;color:var(--ink);font-weight:600}
        #tip .row i{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:7px}
        #tip .alarm{color:var(--short);font-weight:600;margin-top:5px}
        #tip .why{border-top:1px solid var(--line);margin-top:8px;padding-top:7px;color:var(--soft);overflow-wrap:anywhere}
        #tip .why b{color:var(--ink)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;white-space:nowrap}
        th,td{text-align:right;padding:7px 12px;border-bottom:1px solid var(--line)}
        th:first-child,td:first-child{text-align:left;padding-left:0}
        th:last-child,td:last-child{padding-right:0}
        th{color:var(--faint);font-size:12px;font-weight:500}
        tr.own td{font-weight:650}
        tr.own td:first-child{color:var(--good)}
        tr.best td{color:var(--soft)}
        .figure{display:inline-block;min-width:52px}
        .meter{display:inline-block;width:130px;height:8px;margin-right:12px;background:var(--grid);border-radius:4px;overflow:hidden}
        .meter i{display:block;height:100%;background:color-mix(in srgb,var(--short) 55%,transparent)}
        .meter b{display:block;height:100%;background:var(--soft)}
        dl{margin:0}
        .notes{margin-top:14px;color:var(--faint);font-size:12.5px;display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:4px 28px}
        .notes div{display:flex;gap:8px}
        .notes dt{flex:0 0 74px;color:var(--soft)}
        dd{margin:0}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:8px 28px}
        .facts div{display:flex;gap:12px}
        .facts dt{flex:0 0 96px;color:var(--soft)}
        .facts dd{overflow-wrap:anywhere}
        @media (max-width:640px){main{padding:16px 12px}.notes,.facts{grid-template-columns:1fr}#main{height:420px}}
        @media print{body{background:#fff}.zoom,.hint,#theme{display:none}.card,.tile{break-inside:avoid}}
        """#
}
