export { problem } from './errors.ts';
export { inventoryChecks } from './inventory-checks.ts';
export { createLocation, defaultWarehouse, getLocation, type Location, type NewLocation } from './location.ts';
export { createStockReceipt, type ReceiptLine, receiveStock, type StockReceipt } from './receive-stock.ts';
export { releaseStock, reserveStock, type StockLine } from './reserve-stock.ts';
export { registerInventoryRoutes } from './routes.ts';
export { shipStock } from './ship-stock.ts';
export { stockImport } from './stock-import.ts';
export { type Availability, availabilityOf } from './stock-level.ts';
