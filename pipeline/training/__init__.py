"""Making the street model: recipe, pictures, training, check, export. Nothing heavy is imported before it is needed."""
