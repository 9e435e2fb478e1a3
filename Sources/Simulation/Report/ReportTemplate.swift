/// The page around a report's data, in Mustache.
///
/// Held as text so that the binary needs no files beside it.
enum ReportTemplate {
    static let page = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · {{trace}} · Troupe</title>
        <style>
        {{{style}}}
        </style>
        </head>
        <body>
        <main>
        <header>
          <div>
            <p class="eyebrow">Troupe backtest</p>
            <h1>{{title}}</h1>
            <p class="sub">{{trace}}, scored from {{period}}{{#subtitle}}<br>{{.}}{{/subtitle}}</p>
          </div>
          <button id="theme" type="button" title="Light or dark">Dark</button>
        </header>

        <section class="tiles">
        {{#tiles}}
          <div class="tile {{tone}}"><span class="name">{{name}}</span><span class="value">{{value}}</span><span class="beside">{{beside}}</span></div>
        {{/tiles}}
        </section>

        <section class="card" id="charts">
          <div class="bar">
            <div class="legend" id="legend"></div>
            <div class="zoom" role="group" aria-label="Span">
              <button type="button" data-days="1">Day</button>
              <button type="button" data-days="7">Week</button>
              <button type="button" data-days="0">All</button>
              <button type="button" id="next" title="Go to the next shortfall">Next shortfall</button>
            </div>
          </div>
          <div class="plot" id="plot" tabindex="0" aria-label="Demand, forecast and capacity over time">
            <canvas id="main"></canvas>
            <div id="tip" hidden></div>
          </div>
          <canvas id="overview"></canvas>
          <p class="hint">Drag to zoom in, double-click to zoom out, Ctrl and the wheel to zoom at the pointer, arrow keys to move. Click to pin the words. The strip is the whole trace: drag its window or its ends. Times are the trace's own, or UTC where it names a zone.</p>
        </section>

        <section class="card">
          <h2>Beside what else could have run</h2>
          <div class="scroll">
          <table>
            <thead><tr>
              <th>Policy</th><th>Shortfall</th><th>Unserved</th><th>Cost</th><th class="wide">Total</th><th>Ratio</th><th>Changes a day</th><th>Reversals</th>
            </tr></thead>
            <tbody>
            {{#rows}}
              <tr{{#own}} class="own"{{/own}}{{#best}} class="best"{{/best}}><td>{{name}}</td><td>{{shortfall}}</td><td>{{unserved}}</td><td>{{cost}}</td><td class="wide"><span class="meter"><i style="width:{{bar}}%"><b style="width:{{barCost}}%"></b></i></span><span class="figure">{{total}}</span></td><td>{{ratio}}</td><td>{{changes}}</td><td>{{reversals}}</td></tr>
            {{/rows}}
            </tbody>
          </table>
          </div>
          <dl class="notes">
            <div><dt>Shortfall</dt><dd>share of steps in which demand was above what the ready resources serve</dd></div>
            <div><dt>Unserved</dt><dd>resources that were missing, summed over time, as a share of what a clairvoyant pays</dd></div>
            <div><dt>Cost</dt><dd>resource-hours paid, as a multiple of what a clairvoyant pays</dd></div>
            <div><dt>Total</dt><dd>cost + {{price}} × unserved; the red part of its bar is what the shortfall costs</dd></div>
            <div><dt>Ratio</dt><dd>(total − 1) as a share of the same for the HPA rule at {{bestTarget}}, the target that turned out best for this trace; below 1 is better than any HPA setting could have been</dd></div>
            <div><dt>Reversals</dt><dd>how often the direction of scaling turned</dd></div>
            <div><dt>Static peak</dt><dd>a fixed fleet for the largest demand of the whole trace, known in hindsight</dd></div>
            <div><dt>Clairvoyant</dt><dd>exactly what each step needs: nobody can do better</dd></div>
          </dl>
        </section>

        <section class="card">
          <h2>Scenario and limits in force</h2>
          <dl class="facts">
          {{#facts}}
            <div><dt>{{name}}</dt><dd>{{text}}</dd></div>
          {{/facts}}
          </dl>
        </section>
        </main>
        <script type="application/json" id="data">{{{data}}}</script>
        <script>
        {{{script}}}
        </script>
        </body>
        </html>

        """#
}
