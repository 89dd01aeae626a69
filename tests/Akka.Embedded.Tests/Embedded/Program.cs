using System.Globalization;
using Akka.Embedded.Tests.Embedded.Simulation;

// What tests start as a process of its own.
if (args is ["simulate", var seed]) Console.WriteLine(Sample.Run(int.Parse(seed, CultureInfo.InvariantCulture)));
