// Checks GitLab pipelines: against GitLab's own schema, and as a whole once includes and extends are followed.
//
// usage: gitlab.mjs ROOT PIPELINE... (paths; "local" includes are below ROOT). One line of TAP for each fact.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import Ajv from "ajv";
import yaml from "js-yaml";
import { schema } from "gitlab-ci-local/src/schema/schema.js";

const NOT_JOBS = new Set(["include", "stages", "workflow", "default", "variables", "spec", "cache", "image"]);
let count = 0;
let failed = 0;

function check(good, fact, why = "") {
    console.log(`${good ? "ok" : "not ok"} ${++count} ${fact}`);
    if (!good) {
        ++failed;
        console.log(`# ${why}`);
    }
}

const read = (path) => yaml.load(readFileSync(path, "utf8"));

/// Later values win, maps are merged; as GitLab does it with includes and extends.
function merged(lower, upper) {
    const result = { ...lower };
    for (const [key, value] of Object.entries(upper)) {
        const both = [result[key], value].every((side) => side && typeof side === "object" && !Array.isArray(side));
        result[key] = both ? merged(result[key], value) : value;
    }
    return result;
}

function withIncludes(root, document) {
    let all = {};
    for (const include of [document.include ?? []].flat()) {
        if (include.local) all = merged(all, withIncludes(root, read(join(root, include.local))));
    }
    return merged(all, document);
}

function extended(document, name, seen = []) {
    const job = document[name];
    if (!job) throw new Error(`${seen.at(-1)} extends ${name}, which is not there`);
    if (seen.includes(name)) throw new Error(`${name} extends itself`);
    let result = {};
    for (const parent of [job.extends ?? []].flat()) result = merged(result, extended(document, parent, [...seen, name]));
    return merged(result, job);
}

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const valid = ajv.compile(schema);

function checkJob(name, job, jobs, stages) {
    check(job.script || job.trigger, `${name}: has something to do`);
    check(stages.includes(job.stage ?? "test"), `${name}: its stage is there`, job.stage);
    const needs = (job.needs ?? []).map((need) => (typeof need === "string" ? need : need.job));
    const unknown = needs.filter((need) => !(need in jobs));
    check(unknown.length === 0, `${name}: what it needs is there`, unknown.join(", "));
    const later = needs.filter((need) => stages.indexOf(jobs[need]?.stage ?? "test") > stages.indexOf(job.stage ?? "test"));
    check(later.length === 0, `${name}: needs nothing of a later stage`, later.join(", "));
}

function hasCycle(jobs) {
    const waiting = new Map(Object.entries(jobs).map(([name, job]) => [name, [job.needs ?? []].flat()]));
    for (let progress = true; progress; ) {
        progress = false;
        for (const [name, needs] of waiting) {
            if (needs.some((need) => waiting.has(need.job ?? need))) continue;
            waiting.delete(name);
            progress = true;
        }
    }
    return waiting.size > 0;
}

function checkPipeline(root, path) {
    const title = basename(path);
    const document = read(path);
    check(valid(document), `${title}: fits GitLab's schema`, JSON.stringify(valid.errors?.slice(0, 3)));
    let whole, jobs;
    try {
        whole = withIncludes(root, document);
        const names = Object.keys(whole).filter((name) => !NOT_JOBS.has(name) && !name.startsWith("."));
        jobs = Object.fromEntries(names.map((name) => [name, extended(whole, name)]));
    } catch (error) {
        return check(false, `${title}: includes and extends can be followed`, error.message);
    }
    check(Object.keys(jobs).length > 0, `${title}: has a job`);
    check(!hasCycle(jobs), `${title}: no job waits for itself`);
    const flat = { ...whole, ...jobs };
    delete flat.include;
    for (const job of Object.values(jobs)) delete job.extends;
    check(valid(flat), `${title}: fits the schema when expanded`, JSON.stringify(valid.errors?.slice(0, 3)));
    const stages = whole.stages ?? ["build", "test", "deploy"];
    for (const [name, job] of Object.entries(jobs)) checkJob(`${title}: ${name}`, job, jobs, stages);
}

const [root, ...pipelines] = process.argv.slice(2);
for (const path of pipelines) checkPipeline(root, path);
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
