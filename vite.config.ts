import { defineConfig } from 'vite';

/** Two builds from one source: what the browser gets (islands, styles) and the server bundle. */
export default defineConfig({
  appType: 'custom',
  publicDir: 'src/ui/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  environments: {
    client: {
      build: {
        outDir: 'dist/client',
        manifest: true,
        emptyOutDir: true,
        rolldownOptions: { input: ['src/ui/islands.ts', 'src/ui/site.css'] },
      },
    },
    ssr: {
      build: {
        outDir: 'dist/server',
        ssr: true,
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'node24',
        sourcemap: true,
        rolldownOptions: {
          input: {
            main: 'src/main.ts',
            cli: 'src/cli.ts',
            'load-worker': 'src/systems/open-data/loading/load-worker.ts',
          },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      await builder.build(builder.environments.client!);
      await builder.build(builder.environments.ssr!);
    },
  },
});
