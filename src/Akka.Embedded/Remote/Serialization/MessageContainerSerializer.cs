using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Serialization.Bodies;
using Akka.Remote.Wire.Proto;
using Akka.Serialization;
using Google.Protobuf;

namespace Akka.Remote.Serialization;

/// <summary>A message on its way along a selection: number 6, no manifest.</summary>
/// <remarks>Akka.NET has no form for "**"; it travels as the pattern of that text, which Akka.NET takes for any child.</remarks>
public class MessageContainerSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private const string Recursive = "**";

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        if (obj is not ActorSelectionMessage selection)
            throw new ArgumentException($"{obj?.GetType()} is no {nameof(ActorSelectionMessage)}.", nameof(obj));
        var body = new SelectionBody { Payload = Payloads.Write(system, selection.Message) };
        foreach (var element in selection.Elements) body.Pattern.Add(Write(element));
        return body.ToByteArray();
    }

    public override object FromBinary(byte[] bytes, Type type)
    {
        var body = SelectionBody.Parser.ParseFrom(bytes);
        var message = Payloads.Read(system, body.Payload) ?? throw new SerializationException("A selection without a message.");
        var elements = new SelectionPathElement[body.Pattern.Count];
        for (var i = 0; i < elements.Length; i++) elements[i] = Read(body.Pattern[i]);
        return new ActorSelectionMessage(message, elements);
    }

    private static SelectionElement Write(SelectionPathElement element) => element switch
    {
        SelectChildName child => new() { Type = SelectionElement.Types.Kind.ChildName, Matcher = child.Name },
        SelectChildPattern pattern => new() { Type = SelectionElement.Types.Kind.ChildPattern, Matcher = pattern.PatternStr },
        SelectChildRecursive => new() { Type = SelectionElement.Types.Kind.ChildPattern, Matcher = Recursive },
        SelectParent => new() { Type = SelectionElement.Types.Kind.Parent },
        _ => throw new ArgumentException($"{element.GetType()} is no step that can travel.", nameof(element)),
    };

    private static SelectionPathElement Read(SelectionElement element) => element.Type switch
    {
        SelectionElement.Types.Kind.ChildName => new SelectChildName(element.Matcher),
        SelectionElement.Types.Kind.ChildPattern when element.Matcher == Recursive => SelectChildRecursive.Instance,
        SelectionElement.Types.Kind.ChildPattern => new SelectChildPattern(element.Matcher),
        SelectionElement.Types.Kind.Parent => SelectParent.Instance,
        _ => throw new SerializationException($"[{element.Type}] is no step of a selection that is known."),
    };
}
