export { Metrics } from './metrics.js';
export { metricsPage, type PageOptions } from './page.js';
export { metricsRoutes, type MetricsDoor } from './routes.js';
