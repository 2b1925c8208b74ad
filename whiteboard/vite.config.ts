import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where a gateway listens while one works on the client with `npm run dev`. */
const gateway = process.env['BOARDWALK_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'target/classes/META-INF/resources/whiteboard',
    emptyOutDir: true,
    sourcemap: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      '/api': { target: gateway, changeOrigin: true },
      '/yjs': { target: gateway, ws: true, changeOrigin: true, rewriteWsOrigin: true },
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    // None needs a tenth of it, but machines are busy when everything is tested at once.
    testTimeout: 60_000,
    reporters: ['default', ['junit', { outputFile: 'target/surefire-reports/TEST-whiteboard.xml' }]],
  },
});
