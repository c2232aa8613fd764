// Checks the templates of cloudformation/ against AWS's own description of the resource types.
//
// usage: cloudformation.mjs ROOT. One line of TAP for each fact.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { Evaluator, parseTemplate } from "./intrinsics.mjs";

const { loadAwsServiceSpecSync } = createRequire(import.meta.url)("@aws-cdk/aws-service-spec");
const database = loadAwsServiceSpecSync();
const root = process.argv[2];
let count = 0;
let failed = 0;

function check(complaints, fact) {
    const list = [complaints].flat().filter(Boolean);
    console.log(`${list.length === 0 ? "ok" : "not ok"} ${++count} ${fact}`);
    if (list.length > 0) ++failed;
    for (const line of list.slice(0, 10)) console.log(`# ${line}`);
}

/// The complaints of `body` are its error, if it throws.
function attempt(body) {
    try {
        return body();
    } catch (error) {
        return [error.message];
    }
}

function checkType(type, value, path) {
    switch (type.type) {
        case "string":
            if (typeof value !== "string") return [`${path}: ${JSON.stringify(value)} is no text`];
            return type.allowedValues && !type.allowedValues.includes(value) ? [`${path}: "${value}" is none of ${type.allowedValues}`] : [];
        case "integer":
        case "number":
            return Number.isFinite(Number(value)) ? [] : [`${path}: ${JSON.stringify(value)} is no number`];
        case "boolean":
            return ["true", "false"].includes(String(value)) ? [] : [`${path}: ${JSON.stringify(value)} is no truth value`];
        case "array":
            if (!Array.isArray(value)) return [`${path}: is no list`];
            return value.flatMap((item, index) => checkType(type.element, item, `${path}[${index}]`));
        case "json":
            return value && typeof value === "object" ? [] : [`${path}: is no object`];
        case "union": {
            const tries = type.types.map((one) => checkType(one, value, path));
            return tries.some((complaints) => complaints.length === 0) ? [] : tries[0];
        }
        case "ref":
            return checkProperties(database.get("typeDefinition", type.reference.$ref).properties, value, path);
        default:
            return [];
    }
}

function checkProperties(properties, given, path) {
    const missing = Object.entries(properties).filter(([name, property]) => property.required && !(name in given));
    const unknown = Object.keys(given).filter((name) => !(name in properties));
    return [
        ...missing.map(([name]) => `${path}: ${name} is missing`),
        ...unknown.map((name) => `${path}: there is no ${name}`),
        ...Object.entries(given).filter(([name]) => name in properties).flatMap(([name, value]) => checkType(properties[name].type, value, `${path}.${name}`)),
    ];
}

const specOf = (type) => [...database.lookup("resource", "cloudFormationType", "equals", type)][0];

/// With these parameters, each resource that is made, evaluated.
function resources(template, evaluator) {
    return Object.entries(template.Resources)
        .filter(([name]) => evaluator.isMade(name))
        .map(([name, resource]) => ({ name, type: resource.Type, properties: evaluator.value(resource.Properties) }));
}

function checkLifecycle(text, path) {
    const { rules } = JSON.parse(text);
    const priorities = rules.map((rule) => rule.rulePriority);
    const complaints = new Set(priorities).size === rules.length ? [] : [`${path}: two rules have one priority`];
    for (const { selection, action, rulePriority } of rules) {
        const at = `${path}: rule ${rulePriority}`;
        if (!["tagged", "untagged", "any"].includes(selection.tagStatus)) complaints.push(`${at}: tagStatus ${selection.tagStatus}`);
        if (selection.tagStatus === "tagged" && !selection.tagPatternList && !selection.tagPrefixList) complaints.push(`${at}: which tags?`);
        if (!["imageCountMoreThan", "sinceImagePushed"].includes(selection.countType)) complaints.push(`${at}: countType ${selection.countType}`);
        if ((selection.countType === "sinceImagePushed") !== (selection.countUnit === "days")) complaints.push(`${at}: countUnit ${selection.countUnit}`);
        if (!(selection.countNumber > 0)) complaints.push(`${at}: countNumber ${selection.countNumber}`);
        if (action.type !== "expire") complaints.push(`${at}: action ${action.type}`);
    }
    const byTag = rules.filter((rule) => rule.selection.tagStatus === "tagged").sort((a, b) => a.rulePriority - b.rulePriority);
    const keeps = byTag[0].selection;
    if (!(keeps.tagPatternList?.join() === "latest" && keeps.countType === "imageCountMoreThan" && keeps.countNumber === 1)) complaints.push(`${path}: latest is not kept`);
    return complaints;
}

/// Nothing is allowed on everything but the login, which knows no resource.
function checkPolicy(document, path) {
    const complaints = document.Version === "2012-10-17" ? [] : [`${path}: Version`];
    for (const statement of document.Statement) {
        const actions = [statement.Action].flat();
        if (statement.Effect !== "Allow") complaints.push(`${path}: Effect ${statement.Effect}`);
        if (actions.some((action) => !/^(ecr|kms):[A-Z][A-Za-z]+$/.test(action))) complaints.push(`${path}: ${actions}`);
        const wide = [statement.Resource].flat().some((resource) => resource === "*" || !/^arn:|^ref-/.test(resource));
        if (wide && actions.join() !== "ecr:GetAuthorizationToken") complaints.push(`${path}: ${actions} on ${statement.Resource}`);
    }
    return complaints;
}

function checkTrust(document, path) {
    const complaints = [];
    for (const { Principal, Action, Condition } of document.Statement) {
        if (Principal.Service) continue;
        const conditions = Object.assign({}, ...Object.values(Condition));
        const keys = Object.keys(conditions);
        if (Action !== "sts:AssumeRoleWithWebIdentity" || !Principal.Federated) complaints.push(`${path}: ${Action}`);
        if (!keys.some((key) => key.endsWith(":aud"))) complaints.push(`${path}: the audience is not checked`);
        const subject = conditions[keys.find((key) => key.endsWith(":sub"))] ?? "";
        if (!/^project_path:[^*:]+:/.test(subject)) complaints.push(`${path}: any project may have the role`);
    }
    return complaints;
}

function checkDocuments({ name, type, properties }) {
    const parsed = (value) => (typeof value === "string" ? JSON.parse(value) : value);
    const complaints = [];
    if (type === "AWS::ECR::Repository") complaints.push(...checkLifecycle(properties.LifecyclePolicy.LifecyclePolicyText, name));
    if (type === "AWS::ECR::RepositoryCreationTemplate") complaints.push(...checkLifecycle(properties.LifecyclePolicy, name));
    if (type === "AWS::IAM::Role") {
        complaints.push(...checkTrust(parsed(properties.AssumeRolePolicyDocument), name));
        for (const policy of properties.Policies) complaints.push(...checkPolicy(policy.PolicyDocument, `${name} ${policy.PolicyName}`));
    }
    return complaints;
}

function checkTemplate(file, parameterSets) {
    const text = readFileSync(join(root, "cloudformation", file), "utf8");
    check(/(: |- )[&*][A-Za-z]/.test(text) && "CloudFormation knows no aliases", `${file}: has no aliases`);
    const template = parseTemplate(text);
    for (const [title, parameters] of Object.entries(parameterSets)) {
        const evaluator = new Evaluator(template, parameters);
        let made = [];
        check(attempt(() => void (made = resources(template, evaluator))), `${file}, ${title}: can be evaluated`);
        for (const resource of made) {
            const spec = specOf(resource.type);
            const complaints = attempt(() => (spec ? checkProperties(spec.properties, resource.properties, resource.name) : [`there is no ${resource.type}`]));
            check(complaints, `${file}, ${title}: ${resource.name} is a proper ${resource.type}`);
            check(attempt(() => checkDocuments(resource)), `${file}, ${title}: ${resource.name}'s documents`);
        }
        check(attempt(() => void evaluator.value(template.Outputs)), `${file}, ${title}: outputs`);
        const attributes = evaluator.references.filter(([name, attribute]) => attribute && !(attribute in specOf(template.Resources[name].Type).attributes));
        check(attributes.map((pair) => pair.join(".")), `${file}, ${title}: attributes are there`);
    }
    return template;
}

function checkFolders(template) {
    const evaluator = new Evaluator(template, {});
    const repositories = resources(template, evaluator)
        .filter(({ type }) => type === "AWS::ECR::Repository")
        .map(({ properties }) => properties.RepositoryName.replace(/^images\//, ""));
    const folders = readdirSync(join(root, "images")).filter((name) => existsSync(join(root, "images", name, "Dockerfile")));
    check(folders.filter((name) => !repositories.includes(name)), "every folder of images/ has its repository");
    check(repositories.filter((name) => !folders.includes(name)), "every repository has its folder in images/");
}

const repositories = checkTemplate("ecr-repositories.yaml", {
    "as it is": {},
    "with everything": {
        KmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        ImmutableTags: "sha-*",
        CreateOnPush: "true",
    },
    "made on push": { CreateOnPush: "true" },
});
checkFolders(repositories);
const ProjectPath = "group/sub/project";
checkTemplate("gitlab-oidc.yaml", {
    "as it is": { ProjectPath },
    "with everything": {
        ProjectPath,
        GitLabHost: "gitlab.example.com",
        CreateRepositories: "true",
        BranchPrefix: "branches",
        ProviderArn: "arn:aws:iam::123456789012:oidc-provider/gitlab.example.com",
    },
});
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
