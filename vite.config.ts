import devServer, { defaultOptions } from '@hono/vite-dev-server';
import { defineConfig } from 'vite';

// A build is for the city whatever NODE_ENV says where it is made: with another value its pages would name the sources' styles.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** Two builds from one source: what the browser gets (islands, styles) and the server bundle; and `npm run dev`, which reloads. */
export default defineConfig({
  appType: 'custom',
  publicDir: 'src/ui/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { host: '127.0.0.1', port: Number(process.env.PORT ?? 3000), strictPort: true },
  plugins: [
    devServer({
      entry: 'src/dev.ts',
      // Pages name the client script themselves: the policy of the site allows no inline one.
      injectClientScript: false,
      // Besides what Vite serves by its nature: the packages that islands load, and what stands in src/ui/public.
      exclude: [...defaultOptions.exclude, /^\/(node_modules|src|fonts)\//, /\.(svg|woff2|png|ico)$/],
    }),
  ],
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
      // Its hundreds of small modules hold 150 MB once Node has read them one by one; of a bundle only what is used stays.
      resolve: { noExternal: ['drizzle-orm'] },
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
            // A thread of its own for each load of open data.
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
