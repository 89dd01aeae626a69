using System.Globalization;
using Akka.Embedded.Tests.Embedded.Simulation;
using Akka.Embedded.Tests.Embedded.Simulation.Clusters;

// What tests start as a process of its own.
if (args is ["simulate", var seed]) Console.WriteLine(Sample.Run(int.Parse(seed, CultureInfo.InvariantCulture)));
if (args is ["simulate-cluster", var number]) Console.WriteLine(ClusterRun.Summary(int.Parse(number, CultureInfo.InvariantCulture)));
