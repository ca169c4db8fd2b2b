// A template instantiates, it does not compute: what Handlebars may be used for in templates/.

import Handlebars from 'handlebars';

const blocks = ['each', 'if', 'unless'];

/** One line per offence of a template against the rules in CONTRIBUTING.md. */
export function templateOffences(path: string, text: string): string[] {
  const offences: string[] = [];
  const refuse = (node: hbs.AST.Node, what: string): void => {
    offences.push(`${path}:${node.loc.start.line}: ${what}`);
  };
  const refuseStrip = (
    node: hbs.AST.Node,
    ...flags: readonly (hbs.AST.StripFlags | undefined)[]
  ) => {
    if (flags.some((flag) => flag?.open || flag?.close)) refuse(node, 'no ~ to eat white space');
  };

  class TemplateVisitor extends Handlebars.Visitor {
    private conditions = 0;

    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      if (!mustache.escaped) refuse(mustache, 'no {{{ or {{&');
      if (mustache.params.length > 0 || mustache.hash) refuse(mustache, 'no helpers');
      refuseStrip(mustache, mustache.strip);
      super.MustacheStatement(mustache);
    }

    override BlockStatement(block: hbs.AST.BlockStatement): void {
      const name = block.path.original;
      if (!blocks.includes(name)) refuse(block, `no {{#${name}}}, only ${blocks.join(', ')}`);
      if (block.hash || block.program?.blockParams) refuse(block, 'no parameters of a block');
      refuseStrip(block, block.openStrip, block.inverseStrip, block.closeStrip);
      if ('chained' in (block.inverse ?? {})) refuse(block, 'no {{else if}}');
      const isCondition = name === 'if';
      if (isCondition && this.conditions > 0) refuse(block, 'no {{#if}} inside {{#if}}');
      if (name === 'unless' && !isLastOfList(block)) refuse(block, '{{#unless}} only of @last');
      this.conditions += isCondition ? 1 : 0;
      super.BlockStatement(block);
      this.conditions -= isCondition ? 1 : 0;
    }

    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      const name = 'original' in partial.name ? String(partial.name.original) : '(computed)';
      const file = name.split('/').at(-1) ?? '';
      if (!file.startsWith('_')) refuse(partial, `the partial ${name} is not named _${file}`);
      if (partial.params.length !== 1 || partial.hash) refuse(partial, 'give a partial one view');
      refuseStrip(partial, partial.strip);
      super.PartialStatement(partial);
    }

    override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
      refuse(partial, 'no blocks of partials');
    }

    override Decorator(decorator: hbs.AST.Decorator): void {
      refuse(decorator, 'no decorators');
    }

    override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
      refuse(decorator, 'no decorators');
    }

    override SubExpression(expression: hbs.AST.SubExpression): void {
      refuse(expression, 'no subexpressions');
    }
  }

  try {
    new TemplateVisitor().accept(Handlebars.parseWithoutProcessing(text));
  } catch (error) {
    // Handlebars says where in the text, but not in which file.
    offences.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return offences;
}

function isLastOfList(block: hbs.AST.BlockStatement): boolean {
  const [subject] = block.params;
  return subject !== undefined && 'original' in subject && subject.original === '@last';
}
