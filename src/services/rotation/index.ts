/** Replacing the secret key: sealing everything anew, and looking at what is sealed with which key. */
export { SealedCheck } from './check.js';
export { rotate, type RotationResult } from './rotation.js';
export { survey, type SurveyedColumn } from './survey.js';
