import { sharedSystem } from '@foodshed/testing';
import { describeMainJob } from './main-job.suite.js';

describeMainJob('the main job over HTTP', sharedSystem);
