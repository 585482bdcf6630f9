"""What AWS bills for: a module a service, quantities in, line items out.

Every function takes the price book and the Region first, then quantities of one month, and returns
the line items. They use only ``+ - * /`` and the helpers of ``advisor.arithmetic``, so that one
formula serves the bill (Decimal), the search (float) and the sweep (arrays). A price that is not
known raises PriceMissing.
"""
