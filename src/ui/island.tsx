import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { RenderingContext } from './context.ts';

/**
 * A part of the page that a script takes over in the browser. `children` is what the server draws and what people without
 * scripts use; the module is `islands/{name}.tsx` of any system: its default export draws the same from `props`, or its
 * `enhance` adds to what is there.
 */
export function Island(props: {
  name: string;
  props?: Readonly<Record<string, unknown>>;
  class?: string;
  children?: ComponentChildren;
}) {
  useContext(RenderingContext).islands.add(props.name);
  return (
    <div class={props.class} data-island={props.name} data-props={JSON.stringify(props.props ?? {})}>
      {props.children}
    </div>
  );
}

/** Shown on paper only. */
export function PrintOnly(props: { children: ComponentChildren }) {
  return <div class="print-only">{props.children}</div>;
}
