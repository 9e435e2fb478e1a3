/// The report's script: charts on a canvas, drawn from least and greatest values per pixel, so that a hundred thousand
/// steps move as smoothly as a hundred.
///
/// It builds text with `textContent` only: nothing of the data is ever read as markup.
enum ReportScript {
    static let js = #"""
        (() => {
        "use strict";
        const D = JSON.parse(document.getElementById("data").textContent);
        const bytes = t => { const s = atob(t), b = new Uint8Array(s.length); for (let i = 0; i < s.length; i++) b[i] = s.charCodeAt(i); return b.buffer; };
        const floats = t => new Float32Array(bytes(t)), whole = ([width, t]) => new (width === 1 ? Uint8Array : width === 2 ? Uint16Array : Uint32Array)(bytes(t));
        const demand = floats(D.demand), median = floats(D.median), upper = floats(D.upper), ready = whole(D.ready), billed = whole(D.billed);
        const at = whole(D.eventAt), before = whole(D.eventBefore), after = whole(D.eventAfter), kind = whole(D.eventKind);
        const N = D.count, first = D.first, last = first + ready.length, cap = D.capacity, DAY = 864e5;
        const isShort = i => i >= first && i < last && demand[i] > ready[i - first] * cap * (1 + 1e-6);
        const $ = id => document.getElementById(id), main = $("main"), overview = $("overview"), plot = $("plot"), tip = $("tip");
        const over = document.createElement("canvas");
        over.style.cssText = "position:absolute;inset:0;pointer-events:none;height:100%";
        plot.insertBefore(over, tip);

        let lo = first, hi = Math.max(N, first + 1), hover = -1, pinned = -1, box = null, colour = {};
        const clampView = (a, b) => {
          const least = Math.min(N, 12), span = Math.min(N, Math.max(least, b - a));
          if (b - a < least) { const c = (a + b) / 2; a = c - least / 2; }
          a = Math.max(0, Math.min(N - span, a));
          lo = a; hi = a + span; drawSoon();
        };

        // ---- text
        const pad = n => String(n).padStart(2, "0");
        const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "), DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
        const time = i => D.start + i * D.step;
        const clock = d => pad(d.getUTCHours()) + ":" + pad(d.getUTCMinutes()) + (D.step % 60000 ? ":" + pad(d.getUTCSeconds()) : "");
        const stamp = ms => { const d = new Date(ms); return `${DAYS[d.getUTCDay()]} ${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${clock(d)}`; };
        const short = v => {
          if (!isFinite(v)) return "–";
          for (const [u, l] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) if (Math.abs(v) >= u) return +(v / u).toPrecision(3) + l;
          return String(+v.toPrecision(3));
        };
        const exact = v => isFinite(v) ? (Math.abs(v) >= 1000 ? Math.round(v).toString() : String(+v.toPrecision(4))) : "–";

        // ---- geometry
        let W = 0, H = 0, dpr = 1, from = [], to = [];
        const L = 56, R = 12, A = { top: 8, bottom: 0 }, S = { top: 0, bottom: 0 }, B = { top: 0, bottom: 0 };
        const fit = c => { const w = c.clientWidth, h = c.clientHeight; c.width = Math.round(w * dpr); c.height = Math.round(h * dpr); const g = c.getContext("2d"); g.setTransform(dpr, 0, 0, dpr, 0, 0); return g; };
        const x = i => L + (i - lo) / (hi - lo) * W;
        const columns = () => {
          const n = Math.max(1, Math.floor(W)), k = (hi - lo) / n; from = new Int32Array(n); to = new Int32Array(n);
          for (let c = 0; c < n; c++) { from[c] = Math.max(0, Math.floor(lo + c * k)); to[c] = Math.min(N, Math.max(from[c] + 1, Math.floor(lo + (c + 1) * k))); }
        };
        const dense = () => hi - lo > W * 1.5;
        const niceStep = (max, count) => { const raw = max / count, p = 10 ** Math.floor(Math.log10(raw)), m = raw / p; return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * p; };

        // A line through arr[i - offset]; steps hold their value, others go from middle to middle.
        const line = (g, arr, offset, y, stroke, width, hold, scale) => {
          g.beginPath(); let pen = false;
          if (dense()) {
            for (let c = 0; c < from.length; c++) {
              let a = Infinity, b = -Infinity;
              for (let i = Math.max(from[c], offset); i < Math.min(to[c], offset + arr.length); i++) { const v = arr[i - offset]; if (v < a) a = v; if (v > b) b = v; }
              if (b < a) { pen = false; continue; }
              const px = L + c + .5, y0 = y(a * scale), y1 = y(b * scale);
              pen ? g.lineTo(px, y1) : g.moveTo(px, y1); g.lineTo(px, Math.abs(y0 - y1) < .5 ? y0 + .5 : y0); pen = true;
            }
          } else {
            for (let i = Math.max(offset, Math.floor(lo) - 1); i < Math.min(N, offset + arr.length, Math.ceil(hi) + 1); i++) {
              const v = arr[i - offset]; if (!(v >= 0)) { pen = false; continue; }
              if (hold) { pen ? g.lineTo(x(i), y(v * scale)) : g.moveTo(x(i), y(v * scale)); g.lineTo(x(i + 1), y(v * scale)); }
              else pen ? g.lineTo(x(i + .5), y(v * scale)) : g.moveTo(x(i + .5), y(v * scale));
              pen = true;
            }
          }
          g.strokeStyle = stroke; g.lineWidth = width; g.lineJoin = "round"; g.stroke();
        };

        const band = (g, y) => {
          let run = [];
          const flush = () => {
            if (run.length > 1) { g.beginPath(); for (const p of run) g.lineTo(p[0], y(p[2])); for (const p of run.reverse()) g.lineTo(p[0], y(p[1])); g.closePath(); g.fill(); }
            run = [];
          };
          g.fillStyle = colour.band; g.globalAlpha = .24;
          if (dense()) for (let c = 0; c < from.length; c++) {
            let a = Infinity, b = -Infinity;
            for (let i = from[c]; i < to[c]; i++) { if (median[i] < a) a = median[i]; if (upper[i] > b) b = upper[i]; if (upper[i] < a) a = upper[i]; }
            b >= a ? run.push([L + c + .5, a, b]) : flush();
          } else for (let i = Math.max(0, Math.floor(lo) - 1); i < Math.min(N, Math.ceil(hi) + 1); i++)
            upper[i] >= 0 ? run.push([x(i + .5), median[i] >= 0 ? median[i] : upper[i], upper[i]]) : flush();
          flush(); g.globalAlpha = 1;
        };

        const shortage = (g, y) => {
          g.fillStyle = colour.short;
          const paint = (px, w, i) => {
            const y0 = y(ready[i - first] * cap), y1 = y(demand[i]);
            g.globalAlpha = .55; g.fillRect(px, y1, w, Math.max(1, y0 - y1));
            g.globalAlpha = 1; g.fillRect(px, A.bottom + 3, w, 4);
          };
          if (dense()) { for (let c = 0; c < from.length; c++) { const i = worst(from[c], to[c]); if (i >= 0) paint(L + c - .25, 1.5, i); } }
          else for (let i = Math.max(first, Math.floor(lo)); i < Math.min(last, Math.ceil(hi)); i++) if (isShort(i)) { const a = Math.max(L, x(i)); paint(a, Math.max(1, x(i + 1) - a), i); }
        };
        const worst = (a, b) => { let best = -1, most = 0; for (let i = Math.max(a, first); i < Math.min(b, last); i++) { const m = demand[i] - ready[i - first] * cap; if (isShort(i) && m > most) { most = m; best = i; } } return best; };

        const firstEvent = i => { let a = 0, b = at.length; while (a < b) { const m = a + b >> 1; at[m] < i ? a = m + 1 : b = m; } return a; };
        const markers = g => {
          const a = firstEvent(lo), b = firstEvent(hi), mid = (S.top + S.bottom) / 2;
          if (b - a > W / 7) return tally(g, a, b, mid);
          for (let e = a; e < b; e++) {
            const px = x(at[e] + (dense() ? .5 : 0)), out = after[e] > before[e], even = after[e] === before[e];
            g.fillStyle = even ? colour.soft : out ? colour.capacity : colour.billed;
            g.beginPath();
            if (even) g.arc(px, mid, 3, 0, 7); else if (out) { g.moveTo(px - 4.5, mid - 1); g.lineTo(px + 4.5, mid - 1); g.lineTo(px, S.top + 1); } else { g.moveTo(px - 4.5, mid + 1); g.lineTo(px + 4.5, mid + 1); g.lineTo(px, S.bottom - 1); }
            g.fill();
          }
        };

        // Where decisions are many: how many per three pixels, out above and in below.
        const tally = (g, a, b, mid) => {
          const n = Math.ceil(W / 3), outs = new Int32Array(n), ins = new Int32Array(n); let most = 1;
          for (let e = a; e < b; e++) { const c = Math.min(n - 1, Math.max(0, Math.floor((x(at[e]) - L) / 3))), to = after[e] > before[e] ? outs : ins; most = Math.max(most, ++to[c]); }
          for (let c = 0; c < n; c++) {
            const bar = (k, tint, up) => { if (!k) return; const h = Math.max(1.5, (mid - S.top) * Math.sqrt(k / most)); g.fillStyle = tint; g.fillRect(L + c * 3, up ? mid - h : mid, 2, h); };
            bar(outs[c], colour.capacity, true); bar(ins[c], colour.billed, false);
          }
        };

        const timeTicks = () => {
          const per = (hi - lo) * D.step / Math.max(1, Math.floor(W / 96));
          const fixed = [1e3, 5e3, 15e3, 3e4, 6e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 108e5, 216e5, 432e5, DAY, 2 * DAY, 7 * DAY, 14 * DAY].find(s => s >= per);
          const ticks = [], t0 = time(lo), t1 = time(hi);
          if (fixed) {
            const base = fixed >= 7 * DAY ? -3 * DAY : 0;
            for (let t = Math.ceil((t0 - base) / fixed) * fixed + base; t <= t1; t += fixed) { const d = new Date(t); ticks.push([t, t % DAY ? clock(d) : `${fixed < 7 * DAY ? DAYS[d.getUTCDay()] + " " : ""}${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`, t % DAY === 0]); }
          } else {
            const months = [1, 2, 3, 6, 12, 24, 60, 120].find(m => m * 30 * DAY >= per) || 240, s = new Date(t0);
            for (let m = Math.floor((s.getUTCFullYear() * 12 + s.getUTCMonth()) / months) * months; ; m += months) { const t = Date.UTC(Math.floor(m / 12), m % 12, 1); if (t > t1) break; if (t >= t0) ticks.push([t, m % 12 ? MONTHS[m % 12] : String(m / 12), m % 12 === 0]); }
          }
          return ticks;
        };

        const axis = (g, p, max, y, caption) => {
          const s = niceStep(max, Math.max(2, (p.bottom - p.top) / 58));
          g.textAlign = "right"; g.textBaseline = "middle"; g.font = "11.5px system-ui,sans-serif";
          for (let v = 0; v <= max + s * 1e-6; v += s) {
            const py = Math.round(y(v)) + .5; if (py < p.top - 1) break;
            g.strokeStyle = v === 0 ? colour.line : colour.grid; g.lineWidth = 1; g.beginPath(); g.moveTo(L, py); g.lineTo(L + W, py); g.stroke();
            g.fillStyle = colour.faint; g.fillText(short(v), L - 8, py);
          }
          g.textAlign = "left"; g.textBaseline = "top"; g.fillStyle = colour.soft; g.font = "600 11.5px system-ui,sans-serif";
          g.fillText(caption, L + 6, p.top + 2);
        };

        let ya = v => v, yb = v => v;
        const draw = () => {
          dpr = window.devicePixelRatio || 1;
          const style = getComputedStyle(document.documentElement);
          for (const n of ["card", "ink", "soft", "faint", "line", "grid", "demand", "band", "capacity", "billed", "short", "select"]) colour[n] = style.getPropertyValue("--" + n).trim();
          const g = fit(main); H = main.clientHeight; W = Math.max(50, main.clientWidth - L - R);
          A.bottom = Math.round(H * .63); S.top = A.bottom + 12; S.bottom = S.top + 18; B.top = S.bottom + 8; B.bottom = H - 24;
          columns();
          let ma = 0, mb = 0, mu = 0;
          for (let i = Math.max(0, Math.floor(lo)); i < Math.min(N, Math.ceil(hi)); i++) {
            if (demand[i] > ma) ma = demand[i]; if (upper[i] > mu) mu = upper[i];
            if (i >= first && i < last) { const r = ready[i - first]; if (r * cap > ma) ma = r * cap; if (billed[i - first] > mb) mb = billed[i - first]; }
          }
          // A forecast far above everything else does not flatten the rest.
          ma = Math.max(ma, Math.min(mu, ma * 1.25)) * 1.06 || 1; mb = mb * 1.12 || 1;
          ya = v => A.bottom - Math.min(v, ma) / ma * (A.bottom - A.top); yb = v => B.bottom - v / mb * (B.bottom - B.top);
          g.clearRect(0, 0, main.clientWidth, H);

          const ticks = timeTicks();
          for (const [t, text, strong] of ticks) {
            const px = Math.round(x((t - D.start) / D.step)) + .5; if (px < L || px > L + W) continue;
            g.strokeStyle = strong ? colour.line : colour.grid; g.lineWidth = 1; g.beginPath(); g.moveTo(px, A.top); g.lineTo(px, B.bottom); g.stroke();
            g.fillStyle = colour.faint; g.font = "11.5px system-ui,sans-serif"; g.textAlign = "center"; g.textBaseline = "top";
            if (px > L + 20 && px < L + W - 20) g.fillText(text, px, B.bottom + 7);
          }
          if (lo < first) {
            const px = Math.min(L + W, x(first)); g.fillStyle = colour.faint; g.globalAlpha = .09; g.fillRect(L, A.top, px - L, B.bottom - A.top); g.globalAlpha = 1;
            if (px - L > 120) { g.font = "11.5px system-ui,sans-serif"; g.textAlign = "center"; g.textBaseline = "middle"; g.fillText("history, not scored", (L + px) / 2, (B.top + B.bottom) / 2); }
          }
          axis(g, A, ma, ya, "Demand"); axis(g, B, mb, yb, "Resources");
          g.save(); g.beginPath(); g.rect(L, 0, W, H); g.clip();
          band(g, ya);
          // Where a pixel holds many steps, capacity lies over demand, half seen through; else demand lies over capacity.
          if (dense()) line(g, demand, 0, ya, colour.demand, 1, false, 1);
          g.globalAlpha = dense() ? .75 : 1; line(g, ready, first, ya, colour.capacity, dense() ? 1 : 1.5, true, cap); g.globalAlpha = 1;
          if (!dense()) line(g, demand, 0, ya, colour.demand, 1.4, false, 1);
          shortage(g, ya); markers(g);
          line(g, billed, first, yb, colour.billed, 1.3, true, 1);
          line(g, ready, first, yb, colour.capacity, 1.5, true, 1);
          g.restore();
          drawOverview(); drawOver();
        };
        let queued = false;
        const drawSoon = () => { if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; draw(); }); } };

        // ---- what lies over the chart: cross hair, selection, words
        const drawOver = () => {
          const g = fit(over); g.clearRect(0, 0, over.clientWidth, over.clientHeight);
          if (box) { g.fillStyle = colour.select; g.globalAlpha = .16; g.fillRect(Math.min(box[0], box[1]), A.top, Math.abs(box[1] - box[0]), B.bottom - A.top); g.globalAlpha = 1; }
          const i = hover >= 0 ? hover : pinned;
          if (i < lo - 1 || i > hi || i < 0) { tip.hidden = true; return; }
          const px = x(i + .5);
          g.strokeStyle = colour.faint; g.lineWidth = 1; g.setLineDash([3, 3]); g.beginPath(); g.moveTo(px, A.top); g.lineTo(px, B.bottom); g.stroke(); g.setLineDash([]);
          const dot = (y, c) => { g.fillStyle = colour.card; g.beginPath(); g.arc(px, y, 4.5, 0, 7); g.fill(); g.fillStyle = c; g.beginPath(); g.arc(px, y, 3.2, 0, 7); g.fill(); };
          if (i >= first && i < last) { dot(ya(ready[i - first] * cap), colour.capacity); dot(yb(billed[i - first]), colour.billed); dot(yb(ready[i - first]), colour.capacity); }
          if (demand[i] >= 0) dot(ya(demand[i]), isShort(i) ? colour.short : colour.demand);
          tell(i, px);
        };
        const node = (tag, name, text) => { const e = document.createElement(tag); if (name) e.className = name; if (text !== undefined) e.textContent = text; return e; };
        const row = (name, value, tint) => { const r = node("div", "row"), s = node("span"); if (tint) { const k = node("i"); k.style.background = tint; s.append(k); } s.append(name); r.append(s, node("b", "", value)); return r; };
        const VERBS = ["Held", "Scaled out", "Scaled in", "Changed personas", "Advised", "Awaits approval"];
        const tell = (i, px) => {
          tip.replaceChildren(node("div", "when", stamp(time(i))));
          tip.append(row("Demand", demand[i] >= 0 ? exact(demand[i]) : "gap", colour.demand));
          if (upper[i] >= 0) tip.append(row(D.quantile ? `Forecast p50 – p${+(D.quantile * 100).toFixed(1)}` : "Forecast", `${median[i] >= 0 ? exact(median[i]) + " – " : ""}${exact(upper[i])}`, colour.band));
          if (i >= first && i < last) {
            const r = ready[i - first], b = billed[i - first];
            tip.append(row("Capacity", exact(r * cap), colour.capacity), row("Ready / paid for", `${r} / ${b}`, colour.billed));
            if (isShort(i)) tip.append(node("div", "alarm", `Short of ${+(demand[i] / cap - r).toPrecision(2)} resources (${((1 - r * cap / demand[i]) * 100).toFixed(1)} % of demand)`));
            const e = firstEvent(i + 1) - 1;
            if (e >= 0) {
              const why = node("div", "why"), now = at[e] === i;
              why.append(node("b", "", `${VERBS[kind[e]]} ${before[e]} → ${after[e]}`), now ? ". " : ` at ${Math.floor(time(at[e]) / DAY) === Math.floor(time(i) / DAY) ? clock(new Date(time(at[e]))) : stamp(time(at[e]))}. `, D.reasons[e] || "The reason is in decisions.jsonl.");
              tip.append(why);
            }
          } else tip.append(node("div", "why", "History: what the forecast learned from. Not scored."));
          tip.hidden = false;
          const w = tip.offsetWidth;
          tip.style.left = Math.max(4, px < L + W / 2 ? px + 18 : px - w - 18) + "px";
        };

        // ---- the whole trace
        const drawOverview = () => {
          const g = fit(overview), w = Math.max(50, overview.clientWidth - L - R), h = overview.clientHeight, n = Math.floor(w), k = N / n;
          g.clearRect(0, 0, overview.clientWidth, h);
          let max = 0; for (let i = 0; i < N; i++) if (demand[i] > max) max = demand[i];
          g.fillStyle = colour.faint; g.globalAlpha = .08; g.fillRect(L, 0, first / N * w, h - 8); g.globalAlpha = 1;
          for (let c = 0; c < n; c++) {
            const a = Math.floor(c * k), b = Math.max(a + 1, Math.floor((c + 1) * k)); let hiV = -1, loV = Infinity;
            for (let i = a; i < b && i < N; i++) { if (demand[i] > hiV) hiV = demand[i]; if (demand[i] < loV) loV = demand[i]; }
            if (hiV < 0) continue;
            const top = (h - 8) * (1 - hiV / (max || 1)), mid = (h - 8) * (1 - loV / (max || 1));
            g.fillStyle = colour.demand; g.globalAlpha = .16; g.fillRect(L + c, mid, 1, h - 8 - mid); g.globalAlpha = .6; g.fillRect(L + c, top, 1, Math.max(1, mid - top)); g.globalAlpha = 1;
            if (worst(a, b) >= 0) { g.fillStyle = colour.short; g.fillRect(L + c, h - 6, 1, 5); }
          }
          const a = L + lo / N * w, b = L + hi / N * w;
          g.fillStyle = colour.select; g.globalAlpha = .13; g.fillRect(a, 0, b - a, h - 8); g.globalAlpha = 1;
          g.strokeStyle = colour.select; g.strokeRect(a + .5, .5, Math.max(1, b - a - 1), h - 9);
          g.fillStyle = colour.select; for (const e of [a, b]) g.fillRect(e - 2, h / 2 - 14, 4, 20);
        };

        // ---- hands
        const place = (c, e) => e.clientX - c.getBoundingClientRect().left;
        const index = px => lo + (px - L) / W * (hi - lo);
        let grip = null;
        plot.addEventListener("pointerdown", e => { if (e.button) return; const p = place(plot, e); if (p < L || p > L + W) return; grip = p; plot.setPointerCapture(e.pointerId); });
        plot.addEventListener("pointermove", e => {
          const p = place(plot, e);
          if (grip !== null && Math.abs(p - grip) > 4) box = [grip, Math.max(L, Math.min(L + W, p))];
          if (p < L || p > L + W) hover = -1;
          else if (dense()) { const c = Math.min(from.length - 1, Math.max(0, Math.floor(p - L))); const i = worst(from[c], to[c]); hover = i >= 0 ? i : Math.min(N - 1, Math.floor(index(p))); }
          else hover = Math.max(0, Math.min(N - 1, Math.floor(index(p))));
          requestAnimationFrame(drawOver);
        });
        const drop = () => { if (box) { const a = index(Math.min(...box)), b = index(Math.max(...box)); box = null; hover = -1; clampView(a, b); } grip = null; };
        plot.addEventListener("pointerup", e => { if (grip !== null && !box) { pinned = pinned === hover ? -1 : hover; } drop(); });
        plot.addEventListener("pointercancel", () => { box = null; grip = null; });
        plot.addEventListener("pointerleave", () => { hover = -1; drawOver(); });
        plot.addEventListener("dblclick", () => { const c = (lo + hi) / 2, s = (hi - lo) * 2; pinned = -1; clampView(c - s, c + s); });
        plot.addEventListener("wheel", e => {
          if (!e.ctrlKey && !e.metaKey && !e.shiftKey) return;
          e.preventDefault();
          if (e.shiftKey) { const s = (hi - lo) * Math.sign(e.deltaY || e.deltaX) * .1; return clampView(lo + s, hi + s); }
          const c = index(place(plot, e)), k = Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * .006); clampView(c - (c - lo) * k, c + (hi - c) * k);
        }, { passive: false });
        plot.addEventListener("keydown", e => {
          const s = (hi - lo) * .2, c = (lo + hi) / 2;
          const act = { ArrowLeft: () => clampView(lo - s, hi - s), ArrowRight: () => clampView(lo + s, hi + s), "+": () => clampView(c - s, c + s), "-": () => clampView(c - s * 5, c + s * 5), Escape: () => { pinned = -1; clampView(first, N); }, Home: () => clampView(0, hi - lo), End: () => clampView(N - (hi - lo), N) }[e.key];
          if (act) { e.preventDefault(); act(); }
        });
        let pull = null;
        overview.addEventListener("pointerdown", e => {
          const w = overview.clientWidth - L - R, p = place(overview, e), i = (p - L) / w * N, near = 7 / w * N;
          pull = Math.abs(i - lo) < near ? "lo" : Math.abs(i - hi) < near ? "hi" : i > lo && i < hi && hi - lo < N ? { i, lo, hi } : null;
          if (!pull) { const s = (hi - lo < N ? hi - lo : N / 8) / 2; clampView(i - s, i + s); pull = { i, lo, hi }; }
          overview.setPointerCapture(e.pointerId);
        });
        overview.addEventListener("pointermove", e => {
          const w = overview.clientWidth - L - R, i = (place(overview, e) - L) / w * N;
          if (pull === "lo") { if (i < hi) clampView(i, hi); } else if (pull === "hi") { if (i > lo) clampView(lo, i); } else if (pull) clampView(pull.lo + i - pull.i, pull.hi + i - pull.i);
        });
        for (const n of ["pointerup", "pointercancel"]) overview.addEventListener(n, () => pull = null);
        for (const b of document.querySelectorAll("[data-days]")) b.addEventListener("click", () => {
          const days = +b.dataset.days, s = days * DAY / D.step, c = pinned >= 0 ? pinned : (lo + hi) / 2;
          days ? clampView(c - s / 2, c + s / 2) : clampView(first, N);
        });
        const next = $("next"), total = (() => { let n = 0; for (let i = first; i < last; i++) if (isShort(i)) n++; return n; })();
        if (!total) { next.disabled = true; next.textContent = "No shortfall"; }
        next.addEventListener("click", () => {
          let i = pinned >= first ? pinned : first - 1;
          while (i < last && isShort(i)) i++;
          for (let n = 0; n <= last - first && !isShort(i); n++) i = i + 1 < last ? i + 1 : first;
          pinned = i; const s = Math.min((hi - lo) / 2, Math.max(DAY / 4 / D.step, 60)); clampView(i - s, i + s);
        });

        // ---- legend, theme, address
        for (const [name, tint, style] of [["Demand", "--demand", ""], ["Forecast one lead time before", "--band", "box"], ["Ready (capacity)", "--capacity", ""], ["Paid for", "--billed", ""], ["Shortfall", "--short", "box"]]) {
          const s = node("span"), k = node("i", style); style ? k.style.background = `var(${tint})` : k.style.borderColor = `var(${tint})`; if (tint === "--band") k.style.opacity = .35; s.append(k, name); $("legend").append(s);
        }
        const theme = name => { document.documentElement.dataset.theme = name; $("theme").textContent = name === "dark" ? "Light" : "Dark"; drawSoon(); };
        const asked = new URLSearchParams(location.hash.slice(1));
        theme(asked.get("theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
        $("theme").addEventListener("click", () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
        const point = t => t === null ? NaN : /^\d+$/.test(t) ? +t : (Date.parse(/Z|[+]\d\d:?\d\d$/.test(t) ? t : t + "Z") - D.start) / D.step;
        const a = point(asked.get("from")), b = point(asked.get("to")), t = point(asked.get("t"));
        if (t >= 0 && t < N) { pinned = Math.floor(t); if (!(a < b)) { const s = Math.max(30, DAY / D.step); clampView(t - s, t + s); } }
        if (a < b) clampView(a, b);
        // Months at once are one dark block: a long run opens on its last two weeks, the strip below shows the whole.
        else if (pinned < 0 && (N - first) * D.step > 28 * DAY) clampView(N - 14 * DAY / D.step, N);
        new ResizeObserver(drawSoon).observe(plot);
        draw();
        })();
        """#
}
