namespace Hocon.Syntax;

internal enum IncludeKind
{
    File,
    Url,
    Resource,
}

/// <summary>An include statement: what to load, and whether its absence is an error.</summary>
internal sealed record Include(IncludeKind Kind, string Name, bool Required, Origin Origin);

/// <summary>What an include brought: a text still to parse, or a tree that another parser made.</summary>
internal abstract record Included
{
    public sealed record Text(string Content) : Included;

    public sealed record Tree(Map Root) : Included;
}

/// <returns>null where there is nothing of that name.</returns>
internal delegate Included? IncludeLoader(Include include);
