import { useComputedColorScheme } from '@mantine/core';
import { BarChart, LineChart, SankeyChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { chartColors } from './colors.js';

register([
  BarChart,
  LineChart,
  SankeyChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  AriaComponent,
  SVGRenderer,
]);

/** An echarts drawing that follows its frame and the colour scheme; `label` says what it shows to those who cannot see it. */
export function Chart({
  option,
  label,
  height,
  onClick,
}: {
  option: Record<string, unknown>;
  label: string;
  /** In pixels; as tall as all charts are when left out. */
  height?: number;
  /** What was clicked, as the series has it; the same must be within reach of a keyboard beside the drawing. */
  onClick?: (data: unknown) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const chart = init(frame.current!, scheme === 'dark' ? 'dark' : undefined, { renderer: 'svg' });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(frame.current!);
    chart.setOption({ backgroundColor: 'transparent', color: chartColors, animation: false, ...option });
    if (onClick) chart.on('click', ({ data }) => onClick(data));
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, scheme, onClick]);
  return <div ref={frame} className="chart" style={{ height }} role="img" aria-label={label} />;
}
