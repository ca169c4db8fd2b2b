export { autoNba } from './auto-nba.ts';
