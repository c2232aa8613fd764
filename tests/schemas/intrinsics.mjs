// CloudFormation's short forms, and what they come to with given parameters.
import yaml from "js-yaml";

const FUNCTIONS = ["Ref", "Sub", "GetAtt", "If", "Equals", "Not", "And", "Or", "Join", "Select", "Condition"];

function tag(name, kind) {
    return new yaml.Type(`!${name}`, { kind, construct: (value) => ({ function: name, value }) });
}

const schema = yaml.DEFAULT_SCHEMA.extend(FUNCTIONS.flatMap((name) => ["scalar", "sequence", "mapping"].map((kind) => tag(name, kind))));

export const parseTemplate = (text) => yaml.load(text, { schema });

const PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
};
export const NO_VALUE = Symbol("AWS::NoValue");

/// Throws for a name that is not there; `references` gets every [resource, attribute] that was used.
export class Evaluator {
    constructor(template, parameters) {
        this.template = template;
        this.references = [];
        this.values = { ...PSEUDO };
        for (const [name, parameter] of Object.entries(template.Parameters ?? {}))
            this.values[name] = String(parameters[name] ?? parameter.Default ?? fail(`the parameter ${name} has no value`));
    }

    condition(name) {
        if (!(name in (this.template.Conditions ?? {}))) fail(`there is no condition ${name}`);
        return this.value(this.template.Conditions[name]);
    }

    isMade(name) {
        const resource = this.template.Resources[name] ?? fail(`there is no resource ${name}`);
        return !resource.Condition || this.condition(resource.Condition);
    }

    value(node) {
        if (Array.isArray(node)) return node.map((item) => this.value(item)).filter((item) => item !== NO_VALUE);
        if (node === null || typeof node !== "object") return node;
        if ("function" in node && "value" in node) return this.call(node.function, node.value);
        const entries = Object.entries(node).map(([key, item]) => [key, this.value(item)]);
        return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
    }

    call(name, argument) {
        switch (name) {
            case "Ref": return this.ref(argument);
            case "GetAtt": return this.attribute(...(Array.isArray(argument) ? argument : argument.split(".")));
            case "Sub": return Array.isArray(argument) ? this.sub(argument[0], argument[1]) : this.sub(argument, {});
            case "If": return this.value(this.condition(argument[0]) ? argument[1] : argument[2]);
            case "Equals": return this.value(argument[0]) === this.value(argument[1]);
            case "Not": return !this.value(argument[0]);
            default: return fail(`!${name} is not known here`);
        }
    }

    ref(name) {
        if (name === "AWS::NoValue") return NO_VALUE;
        if (name in this.values) return this.values[name];
        if (!this.isMade(name)) fail(`${name} is not made with these parameters`);
        this.references.push([name, null]);
        return `ref-${name}`;
    }

    attribute(name, attribute) {
        if (!this.isMade(name)) fail(`${name} is not made with these parameters`);
        this.references.push([name, attribute]);
        return `arn:aws:test:eu-central-1:123456789012:${name}/${attribute}`;
    }

    sub(text, more) {
        return text.replace(/\$\{([^!}]+)\}/g, (_, name) => {
            if (name in more) return this.value(more[name]);
            return name.includes(".") ? this.attribute(...name.split(".")) : this.ref(name);
        });
    }
}

function fail(message) {
    throw new Error(message);
}
