/** A board: rows of panels, the same variables, links and marks on each. */

import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { dataSource, type PanelBuilder } from './panels.ts';
import { of } from './query.ts';

export type Row = {
  title: string;
  /** How many panels stand side by side; the rest go below. */
  across: 2 | 3 | 6;
  panels: readonly PanelBuilder[];
};

export type Board = {
  /** Stays for ever: addresses and links hold it. */
  uid: string;
  title: string;
  description: string;
  rows: readonly Row[];
};

const gridColumns = 24;
const tag = 'tickwire';

/** The board as Grafana reads it. The same board gives the same JSON. */
export function buildBoard({ uid, title, description, rows }: Board): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag])
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .variables([dataSourceVariable(), jobVariable(), instanceVariable()])
    .annotations([alertMarks(), restartMarks()])
    .link(toTheOthers());
  layOut(built, rows);
  return built.build();
}

function layOut(built: dashboard.DashboardBuilder, rows: readonly Row[]): void {
  let y = 0;
  let id = 1;
  for (const { title, across, panels } of rows) {
    built.withRow(new dashboard.RowBuilder(title).id(id++).gridPos({ x: 0, y: y++, w: gridColumns, h: 1 }));
    const [w, h] = [gridColumns / across, across === 6 ? 4 : 8];
    for (const [at, panel] of panels.entries()) {
      const position = { x: (at % across) * w, y: y + Math.floor(at / across) * h, w, h };
      built.withPanel(panel.id(id++).gridPos(position));
    }
    y += Math.ceil(panels.length / across) * h;
  }
}

function dataSourceVariable(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ text: 'Prometheus', value: 'tickwire-prometheus' });
}

function jobVariable(): dashboard.QueryVariableBuilder {
  return labelVariable('job', 'Job', 'tickwire_build_info').current({ text: 'tickwire', value: 'tickwire' });
}

/** Over the whole time range, so that a server that is down stays in the list. */
function instanceVariable(): dashboard.QueryVariableBuilder {
  return labelVariable('instance', 'Instance', 'tickwire_build_info{job=~"$job"}')
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ text: ['All'], value: ['$__all'] });
}

function labelVariable(name: string, label: string, series: string): dashboard.QueryVariableBuilder {
  const query = `label_values(${series}, ${name})`;
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(dataSource)
    .query({ query, refId: 'StandardVariableQuery' })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
}

function alertMarks(): dashboard.AnnotationQueryBuilder {
  const expr = of('ALERTS', 'alertname=~"Tickwire.+",alertstate="firing"');
  return marks('Alerts', 'red', expr).titleFormat('{{alertname}}').tagKeys('severity,instance,feed');
}

function restartMarks(): dashboard.AnnotationQueryBuilder {
  const expr = `changes(${of('process_start_time_seconds')}[$__rate_interval]) > 0`;
  return marks('Restarts', 'purple', expr).titleFormat('{{instance}} was started anew');
}

function marks(name: string, color: string, expr: string): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(dataSource)
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .step('15s')
    .target(new DataqueryBuilder().refId('Anno').expr(expr).range());
}

function toTheOthers(): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Tickwire boards')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([tag])
    .includeVars(true)
    .keepTime(true)
    .asDropdown(false);
}
